"""Contests: question bank, papers frozen at opening, answers kept one by one, ranking by unit."""
