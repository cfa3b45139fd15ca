"""Kept cases, reviews and decisions. Empty until the register is built; the import rules hold it already."""
