"""Results as documents: PDF that everyone can read, and Word that people edit further.

One small model (`model`), two writers (`typeset` for tagged PDF, `word` for Word), and a module for each document.
"""
