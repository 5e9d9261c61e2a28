"""Residents' supervision of what offices promise: complaints, suggestions, praise, ratings, and how they are handled."""
