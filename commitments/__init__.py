"""What offices owe: public commitments, their progress and amendments."""
