"""What the year asks of each unit: the list of tasks, handing them down, doing them, and how far everybody is."""
