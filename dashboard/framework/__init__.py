"""The parts of the page Kader: the framework read, tested, compared and changed."""
