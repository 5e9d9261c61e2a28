"""What is public: the gate of review, the one door, versions, the ledger, the log of corrections."""
