"""What the plan asks: years, stages, tasks, inspections, education."""
