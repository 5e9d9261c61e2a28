"""Tables as offices have them: one field dictionary makes template, reading, checking of cells, and export."""
