"""Integrity records of units and officials: catalogue, record, public notice, objection, repair."""
