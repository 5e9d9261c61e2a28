"""The rectification ledger: what was not kept is looked into, put right, accepted, followed up, or refused."""
