"""What offices publish: topics of the catalogue, notices, scenes of credit+, and how fresh it all is."""
