"""Tab Documents: what the group takes along."""

from __future__ import annotations

import streamlit as st

from valuation.business_case import BusinessPlan
from valuation.case import Case


def show_documents(case: Case, found: BusinessPlan) -> None:  # noqa: ARG001
    """To come with branch docs."""
    st.write("…")
