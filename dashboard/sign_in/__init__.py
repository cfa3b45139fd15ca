"""Sign-in: its settings, who somebody is by their claims, and what is shown to whoever is not let in."""
