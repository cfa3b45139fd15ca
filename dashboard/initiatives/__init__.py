"""The parts of the page Initiatives: one module a tab, and what they share."""
