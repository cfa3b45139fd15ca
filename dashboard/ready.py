"""Gets the server ready before its first visitor, so that nobody waits for imports and nobody pays for old memory."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

import dashboard
from dashboard import state
from valuation.appraisal import appraise

PAGES = "dashboard.app_pages"
"""Scripts that Streamlit runs for a visitor; importing one would run it for nobody."""
CHARTS = ("plotly.io", "plotly.tools", "plotly.graph_objs")
"""What Streamlit imports with the first chart."""


@asynccontextmanager
async def ready(_app: st.App) -> AsyncIterator[None]:
    """Prepare before the server answers (for `st.App(lifespan=...)`)."""
    prepare()
    yield


def prepare() -> None:
    """Import what pages use, value the example once, and leave all of that out of the search for garbage.

    Python looks through everything that it remembers for what nobody uses any more, with every session waiting. Here
    that is half a million objects of imported code, which stay as long as the server runs; frozen, they are passed by.
    """
    ours = (module.name for module in pkgutil.walk_packages(dashboard.__path__, f"{dashboard.__name__}."))
    for name in (*CHARTS, *(name for name in ours if not name.startswith(PAGES))):
        importlib.import_module(name)
    appraise(state.example().case)
    gc.collect()
    gc.freeze()
