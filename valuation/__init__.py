"""Pure computation: a validated `Case` in, a `Result` out. METHOD sections are named in each module."""
