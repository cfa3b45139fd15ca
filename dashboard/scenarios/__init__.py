"""The parts of the page Scenario's."""
