"""Tasks: the standard list of a year, issued to units in bulk, their measures, evidence and completion."""
