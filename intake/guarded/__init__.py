"""Everything that opens users' files. It runs in a process of its own: see `child`.

That process knows the standard library, calamine and, for large workbooks, NumPy only. It gets this package on its path
by itself, so its modules import each other relatively and nothing else of ours.

`xlsx`, `xls`, `opendocument` and `delimited` read a kind of file; `scan`, `scanned` and `thinned` a large xlsx. They
give `columns`, which `personal` looks through before anything is sent. `marks` changes a file.
"""
