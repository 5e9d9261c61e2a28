"""How offices did: metrics, indicator sets, demonstration, annual evaluation (a later issue fills it)."""
