"""Tables brought in: looked through whole, shown with every fault, made into drafts in one piece, taken back."""
