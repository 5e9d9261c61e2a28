"""The catalogue of disclosure in the standard catalogue's columns, both ways, and proposals of its change."""
