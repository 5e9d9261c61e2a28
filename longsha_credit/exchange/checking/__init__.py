"""Files in a form that others prescribe, checked against that form without being brought in."""
