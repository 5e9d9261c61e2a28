"""How offices did: metrics, indicator sets, demonstration, annual evaluation."""
