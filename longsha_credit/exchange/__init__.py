"""In and out: background jobs, import, export, official documents (a later issue fills it)."""
