"""Template tags of publication: the addresses of what is public."""
