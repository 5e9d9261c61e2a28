"""How the portal looks: design system, template tags, form rendering; no models."""
