"""Official documents: what kinds there are, how one is drafted and issued, the office's own Word templates."""
