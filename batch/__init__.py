"""Big jobs, in parts: what is done is kept, on this machine or on a cluster, and the digits are the same."""

from batch.portfolio import ClusterGone, Portfolio, WorkerGone, parts_of, value_portfolio
from batch.working_folder import working_folder

__all__ = ["ClusterGone", "Portfolio", "WorkerGone", "parts_of", "value_portfolio", "working_folder"]
