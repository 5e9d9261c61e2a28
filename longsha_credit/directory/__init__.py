"""Who: organisations, officials, postings, users, memberships, and what each may see."""
