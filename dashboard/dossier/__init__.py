"""The parts of the page Dossier."""
