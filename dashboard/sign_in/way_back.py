"""ASGI middleware around Streamlit's sign-in: what went wrong is said, and one comes back to the page one wanted.

Streamlit sends everybody back to the first page, whether the sign-in worked or not. Here a failure gets a word in the
address (only to show a sentence; who somebody is comes from the signed cookie alone), the address that the visitor
first asked for is opened again, and cookies travel over encrypted connections only.
"""

from __future__ import annotations

from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.sign_in.settings import CALLBACK

PARAMETER = "aanmelden"
FAILED, SIGNED_OUT = "mislukt", "uit"
ADDRESS_COOKIE = "buurtwaarde_adres"
"""Where the visitor wanted to go; the page itself writes it before it sends somebody to the provider."""

USER_COOKIE = b"_streamlit_user="
LOGIN, LOGOUT = "/auth/login", "/auth/logout"
LONGEST_ADDRESS = 2000

Headers = list[tuple[bytes, bytes]]


class WayBack:
    """Change the answers of the three addresses of sign-in; everything else passes untouched.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with other headers where the answer is one of sign-in."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.endswith((CALLBACK, LOGIN, LOGOUT)):
            await self.app(scope, receive, send)
            return

        async def changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, **_answer(path, scope, message["status"], list(message["headers"]))}
            await send(message)

        await self.app(scope, receive, changed)


def _answer(path: str, scope: Scope, status: int, headers: Headers) -> dict[str, object]:
    secure = _is_encrypted(scope)
    base = path[: path.rindex("/auth/" if "/auth/" in path else CALLBACK)] + "/"
    if path.endswith(LOGIN) and status >= 400:
        return {"status": 302, "headers": [(b"location", f"{base}?{PARAMETER}={FAILED}".encode()), NO_BODY]}
    location = next((value.decode("latin-1") for name, value in headers if name == b"location"), "")
    if not path.endswith(LOGIN) and urlsplit(location).path == base:
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        if any(name == b"set-cookie" and _sets_user(value) for name, value in headers):
            location, word = wanted_address(scope, base), ""
            headers.append((b"set-cookie", f"{ADDRESS_COOKIE}=; Path={base}; Max-Age=0; SameSite=Lax".encode()))
        elif path.endswith(LOGOUT) or not asked:
            word = SIGNED_OUT
        else:
            word = FAILED
        if word:
            location = f"{base}?{PARAMETER}={word}"
        headers = [(name, location.encode("latin-1") if name == b"location" else value) for name, value in headers]
    if secure:
        headers = [(name, value + b"; Secure" if _needs_secure(name, value) else value) for name, value in headers]
    return {"headers": headers}


NO_BODY = (b"cache-control", b"no-store")


def _sets_user(cookie: bytes) -> bool:
    return cookie.startswith(USER_COOKIE) and not cookie.startswith((USER_COOKIE + b'"";', USER_COOKIE + b";"))


def _needs_secure(name: bytes, value: bytes) -> bool:
    return name == b"set-cookie" and b"; secure" not in value.lower()


def _is_encrypted(scope: Scope) -> bool:
    """Whether the browser spoke over an encrypted connection, to us or to the proxy before us."""
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    return scope.get("scheme") == "https" or (bool(forwarded) and forwarded[-1].strip().lower() == b"https")


def wanted_address(scope: Scope, base: str) -> str:
    """The address in this app that the visitor first asked for; the first page where there is none that is ours."""
    given = unquote(Request(scope).cookies.get(ADDRESS_COOKIE, ""))
    parts = urlsplit(given)
    # Of this app only: "//elsewhere.example" and "/\elsewhere.example" are other servers to a browser.
    ours = (
        len(given) <= LONGEST_ADDRESS
        and not parts.scheme
        and not parts.netloc
        and given.startswith(base)
        and not given.startswith(("//", "/\\"))
        and given.isprintable()
        and "\\" not in given
    )
    return quote(given, safe="/?=&%+:,;@-._~") if ours else base
