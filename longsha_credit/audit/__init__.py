"""What happened: append-only entries, the workflow engine, the history of rows."""
