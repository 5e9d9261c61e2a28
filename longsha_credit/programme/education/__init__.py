"""Education: activities, courses and training hours of officials, the library of materials."""
