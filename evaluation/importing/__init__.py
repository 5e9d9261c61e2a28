"""Facts from outside: brought in with their document, by form and by file, and corrected by new rows."""
