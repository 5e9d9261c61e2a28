"""In and out: long work in the background, exports, official documents and their numbers."""
