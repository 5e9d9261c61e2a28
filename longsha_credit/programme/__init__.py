"""What the plan asks: years, stages, tasks, inspections, education (a later issue fills it)."""
