"""Inspections: planned, written down on the spot, put right by a day, looked at again."""
