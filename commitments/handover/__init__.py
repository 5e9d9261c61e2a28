"""Handover: what a post leaves open goes to its next holder, item by item, and the office's ledger over time."""
