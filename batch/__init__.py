"""Big jobs, in parts: what is done is kept, on this machine or on a cluster, and the digits are the same."""

from batch.portfolio import ClusterGone, Portfolio, WorkerGone, parts_of, value_portfolio

__all__ = ["ClusterGone", "Portfolio", "WorkerGone", "parts_of", "value_portfolio"]
