"""What the page Portfolio shows, a module for each of its tabs."""
