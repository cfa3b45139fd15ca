"""A real sign-in provider (canaille) with made-up people: `python tests/oidc_provider.py PORT PEOPLE.json`.

Only on this machine, in memory. PEOPLE.json says who there is and which app may send them:
`{"client": {"client_id": ..., "client_secret": ..., "redirect_uri": ...},
"people": [{"user_name": ..., "name": ..., "password": ..., "groups": [...], "organisation": ...}]}`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from pathlib import Path
from typing import Any

from asgiref.wsgi import WsgiToAsgi
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from hypercorn.asyncio import serve
from hypercorn.config import Config


def settings(port: int) -> dict[str, Any]:
    """Everything in memory, nothing mailed, and only for this machine."""
    return {
        "SECRET_KEY": secrets.token_hex(),
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "SESSION_COOKIE_NAME": "provider_session",
        "CANAILLE": {
            "DATABASE": "memory",
            "NAME": "Aanmeldvoorziening",
            "LANGUAGE": "en",
            "SMTP": None,
            "LOGGING": {"version": 1, "disable_existing_loggers": False},
            "JAVASCRIPT": False,
            "HTMX": False,
        },
        # The organisation of somebody travels in the claim `locale`, which canaille can fill from any field.
        "CANAILLE_OIDC": {
            "USERINFO_MAPPING": {"LOCALE": "{% if user.organization %}{{ user.organization }}{% endif %}"}
        },
    }


def fill(what: dict[str, Any]) -> None:
    """Make the people, their groups, and the one app that may send them here."""
    backend = Backend.instance
    groups: dict[str, list[Any]] = {}
    for person in what["people"]:
        user = models.User(
            user_name=person["user_name"],
            formatted_name=person["name"],
            family_name=person["name"].split()[-1],
            password=person["password"],
            emails=[f"{person['user_name']}@voorbeeld.example"],
            organization=person.get("organisation", ""),
        )
        backend.save(user)
        for group in person.get("groups", []):
            groups.setdefault(group, []).append(user)
    for name, members in groups.items():
        backend.save(models.Group(display_name=name, members=members))
    client = what["client"]
    app = models.Client(
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        client_name="Buurtwaarde",
        client_uri=client["redirect_uri"].removesuffix("/oauth2callback"),
        redirect_uris=[client["redirect_uri"]],
        post_logout_redirect_uris=[client["redirect_uri"]],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email", "groups"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a way of signing in, no secret
    )
    backend.save(app)
    # Once kept it has an identity, and what the provider signs can be for it.
    app.audience = [app]
    backend.save(app)


def main() -> None:
    """Serve until this process is ended."""
    port = int(sys.argv[1])
    app = create_app(config=settings(port))
    with app.app_context():
        fill(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    asyncio.run(serve(WsgiToAsgi(app), config))


if __name__ == "__main__":
    main()
