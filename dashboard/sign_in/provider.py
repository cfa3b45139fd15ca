"""Whether the sign-in provider answers, asked before a visitor is sent there: otherwise they land on a bare error."""

from __future__ import annotations

import json
import logging
from http.client import HTTPException
from urllib.request import urlopen

from dashboard.sign_in.settings import Settings, is_safe_address

SECONDS = 5.0
LARGEST_BYTES = 1_000_000
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
log = logging.getLogger(__name__)


def answers(settings: Settings) -> bool:
    """Whether the provider says where to sign in, and those places are safe to send somebody to."""
    try:
        # Only http and https come here: `settings.read` refuses every other address.
        with urlopen(settings.metadata_url, timeout=SECONDS) as response:  # noqa: S310
            metadata = json.loads(response.read(LARGEST_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        log.warning("The sign-in provider does not answer: %s", type(error).__name__)
        return False
    if not isinstance(metadata, dict):
        log.warning("What the sign-in provider answers is no list of its addresses")
        return False
    unsafe = [key for key in NEEDED if not is_safe_address(str(metadata.get(key, "")))]
    if unsafe:
        log.warning("The sign-in provider has no safe address for: %s", ", ".join(unsafe))
    return not unsafe
