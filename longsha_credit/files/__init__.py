"""On what evidence: private storage of uploaded files, their checks, and who may read them."""
