"""Scenes of credit+: what trust brings people who take part, never what it costs those who do not."""
