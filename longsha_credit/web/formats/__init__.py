"""Formats that replace those Django brings."""
