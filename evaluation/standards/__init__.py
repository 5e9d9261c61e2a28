"""The standards themselves: reading, writing, comparing and trying out sets of indicators."""
