"""How fresh what is published is: units by topics, the inspectors' own limits, reminders to who has to write."""
