"""Template tags of exchange: the documents of a thing."""
