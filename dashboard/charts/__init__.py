"""Charts: a Result in, a plotly figure out. Pure: no widgets, no session."""
