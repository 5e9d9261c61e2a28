"""Integrity records of organisations and officials (a later issue fills it)."""
