"""Demonstration units, from application to revocation."""
