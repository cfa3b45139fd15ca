"""Everything that opens users' files. It runs in a process of its own: see `child`.

That process knows the standard library and calamine only, and gets this package on its path by itself, so its
modules import each other relatively and nothing else of ours.
"""
