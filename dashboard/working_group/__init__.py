"""The parts of the page Werkgroep: from the start of a round to its minutes."""
