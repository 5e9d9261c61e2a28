"""What offices publish: topics, notices, scenes (a later issue fills it)."""
