"""Sign-in without a browser: its settings, who somebody is by their claims, and the way back from the provider."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dashboard.sign_in import claims, kept_work
from dashboard.sign_in.door import in_words
from dashboard.sign_in.settings import BrokenError, Flaw, Settings, from_environment, read
from dashboard.sign_in.way_back import WayBack
from dashboard.wording import speaking
from register import Actor

AUTH = {
    "redirect_uri": "https://buurtwaarde.example/oauth2callback",
    "cookie_secret": "x" * 32,
    "client_id": "buurtwaarde",
    "client_secret": "of the client",
    "server_metadata_url": "https://aanmelden.example/.well-known/openid-configuration",
}
OURS = {
    "organisation": "Bovenland",
    "roles_claim": "groups",
    "role_names": {"council": ["raad"], "finance": "geld, kas"},
}


def settings(**changed: Any) -> Settings:
    found = read({"auth": AUTH, "sign_in": {**OURS, **changed}})
    assert found is not None
    return found


def flaws(secrets: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(BrokenError) as broken:
        read(secrets)
    return {(flaw.rule, flaw.about) for flaw in broken.value.flaws}


def signed(**changed: Any) -> dict[str, Any]:
    return {"iss": "https://aanmelden.example", "sub": "7f3", "aud": "buurtwaarde", "name": "Anna", **changed}


def nobody(_user_id: str) -> None:
    return None


def test_without_settings_there_is_no_sign_in():
    assert read({}) is None
    assert read({"database": {"url": "sqlite://"}}) is None
    assert from_environment({"PATH": "/usr/bin", "DATABASE_URL": "sqlite://"}) is None


@pytest.mark.parametrize("key", sorted(AUTH))
@pytest.mark.parametrize("value", [None, "", "  ", 12])
def test_a_missing_setting_is_never_no_sign_in(key: str, value: object):
    given = {**AUTH, key: value}
    if value is None:
        del given[key]
    assert ("missing", f"auth.{key}") in flaws({"auth": given, "sign_in": OURS})


@pytest.mark.parametrize(
    ("secrets", "flaw"),
    [
        ({"auth": {}}, ("missing", "auth.client_id")),
        ({"auth": "yes"}, ("no_section", "auth")),
        ({"sign_in": OURS}, ("missing", "auth.client_secret")),
        ({"Auth": AUTH}, ("misspelt", "Auth")),
        ({"auth": AUTH, "sign-in": OURS}, ("misspelt", "sign-in")),
        ({"auth": {**AUTH, "cookie_secret": "x" * 31}}, ("short_secret", "auth.cookie_secret")),
        ({"auth": {**AUTH, "redirect_uri": "http://b.example/oauth2callback"}}, ("not_encrypted", "auth.redirect_uri")),
        ({"auth": {**AUTH, "redirect_uri": "https://b.example/"}}, ("no_callback", "auth.redirect_uri")),
        ({"auth": {**AUTH, "server_metadata_url": "ftp://b"}}, ("not_encrypted", "auth.server_metadata_url")),
        ({"auth": AUTH, "sign_in": {**OURS, "role_claim": "x"}}, ("unknown", "sign_in.role_claim")),
        ({"auth": AUTH, "sign_in": {"roles_claim": "groups"}}, ("missing", "sign_in.organisation")),
        (
            {"auth": AUTH, "sign_in": {**OURS, "organisation_claim": "org"}},
            ("either", "sign_in.organisation, sign_in.organisation_claim"),
        ),
        ({"auth": AUTH, "sign_in": {**OURS, "session_minutes": "long"}}, ("no_length", "sign_in.session_minutes")),
        ({"auth": AUTH, "sign_in": {**OURS, "session_minutes": 0}}, ("no_length", "sign_in.session_minutes")),
        (
            {"auth": AUTH, "sign_in": {**OURS, "session_minutes": float("nan")}},
            ("no_length", "sign_in.session_minutes"),
        ),
        ({"auth": AUTH, "sign_in": {**OURS, "roles_claim": ["groups"]}}, ("no_text", "sign_in.roles_claim")),
        ({"auth": AUTH, "sign_in": {**OURS, "role_names": "raad"}}, ("no_section", "sign_in.role_names")),
        ({"auth": AUTH, "sign_in": {**OURS, "role_names": {"boss": "x"}}}, ("unknown", "sign_in.role_names.boss")),
        (
            {"auth": AUTH, "sign_in": {"organisation": "B", "role_names": {"council": "x"}}},
            ("missing", "sign_in.roles_claim"),
        ),
    ],
)
def test_what_is_wrong_is_named(secrets: dict[str, Any], flaw: tuple[str, str]):
    assert flaw in flaws(secrets)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_flaw_has_words_and_no_secret_is_in_them(language: str):
    broken = {
        "auth": {**AUTH, "cookie_secret": "SECRET-7", "client_secret": 5, "redirect_uri": "http://x"},
        "Sign_in": {},
    }
    with pytest.raises(BrokenError) as found:
        read(broken)
    with speaking(language):
        told = "".join(in_words(flaw) for flaw in found.value.flaws)
        others = [in_words(Flaw(rule, "x")) for rule in ("unreadable", "other_door", "trusted_headers", "no_register")]
    assert "auth.cookie_secret" in told
    assert "SECRET-7" not in told + str(found.value)
    assert all(others)


def test_the_environment_says_the_same_as_a_file():
    variables = {
        "BUURTWAARDE_SIGN_IN_METADATA_URL": AUTH["server_metadata_url"],
        "BUURTWAARDE_SIGN_IN_CLIENT_ID": AUTH["client_id"],
        "BUURTWAARDE_SIGN_IN_CLIENT_SECRET": AUTH["client_secret"],
        "BUURTWAARDE_SIGN_IN_REDIRECT_URI": AUTH["redirect_uri"],
        "BUURTWAARDE_SIGN_IN_COOKIE_SECRET": AUTH["cookie_secret"],
        "BUURTWAARDE_SIGN_IN_ORGANISATION": "Bovenland",
        "BUURTWAARDE_SIGN_IN_ROLES_CLAIM": "groups",
        "BUURTWAARDE_SIGN_IN_ROLE_COUNCIL": "raad",
        "BUURTWAARDE_SIGN_IN_ROLE_FINANCE": "geld,kas",
        "BUURTWAARDE_SIGN_IN_SESSION_MINUTES": "90",
    }
    secrets = from_environment(variables)
    assert secrets is not None
    assert read(secrets) == settings(session_minutes=90)
    secrets = from_environment({**variables, "BUURTWAARDE_SIGN_IN_ROLE_BOSS": "x"})
    assert secrets is not None
    assert flaws(secrets) == {("unknown", "sign_in.role_boss")}


def test_roles_come_from_the_claim_by_the_providers_own_names():
    actor = claims.actor_of(signed(groups=["raad", "kas", "tennis"]), settings(), nobody)
    assert actor == Actor("7f3", "Anna", "Bovenland", frozenset({"council", "finance"}))


@pytest.mark.parametrize("groups", [[], ["tennis"], None, "council", ["council"], {"raad": True}, 5, [["raad"]]])
def test_no_other_claim_gives_a_role(groups: object):
    actor = claims.actor_of(signed(groups=groups), settings(), nobody)
    assert actor is not None
    assert actor.roles == frozenset()


def test_a_claim_can_stand_inside_another():
    given = settings(roles_claim="realm_access.roles")
    actor = claims.actor_of(signed(realm_access={"roles": ["raad"]}), given, nobody)
    assert actor is not None
    assert actor.roles == {"council"}
    assert claims.actor_of(signed(realm_access="raad"), given, nobody).roles == frozenset()


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another app"},
        {"aud": []},
        {"aud": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 5},
    ],
)
def test_who_is_not_named_for_this_app_is_nobody(changed: dict[str, Any]):
    assert claims.actor_of(signed(groups=["raad"], **changed), settings(), nobody) is None


def test_without_the_claim_of_an_organisation_one_is_of_none():
    given = settings(organisation="", organisation_claim="org")
    assert claims.actor_of(signed(groups=["raad"]), given, nobody) is None
    assert claims.actor_of(signed(groups=["raad"], org=["Bovenland"]), given, nobody) is None
    assert claims.actor_of(signed(groups=["raad"], org="Onderland"), given, nobody).organisation == "Onderland"


def test_an_address_that_the_provider_doubts_is_nobodys():
    given = settings(user_claim="email")
    assert claims.actor_of(signed(email="a@b.example", email_verified=False), given, nobody) is None
    assert claims.actor_of(signed(email="a@b.example"), given, nobody).user_id == "a@b.example"


def test_the_table_of_members_says_organisation_and_roles():
    table = read({"auth": AUTH})
    assert table is not None
    member = {"7f3": ("Onderland", frozenset({"finance"}))}
    assert claims.actor_of(signed(), table, member.get).organisation == "Onderland"
    assert claims.actor_of(signed(sub="other"), table, member.get) is None
    of_one = read({"auth": AUTH, "sign_in": {"organisation": "Bovenland"}})
    assert of_one is not None
    # The provider of one municipality does not sign for a member of another.
    assert claims.actor_of(signed(groups=["finance"]), of_one, member.get) is None
    assert claims.actor_of(signed(sub="other", groups=["finance"]), of_one, member.get).roles == frozenset()


@pytest.mark.parametrize(
    ("minutes", "given", "until"),
    [
        (None, {"iat": 1000, "exp": 4600}, 4600),
        (90, {"iat": 1000, "exp": 4600}, 1000 + 90 * 60),
        (None, {"iat": 1000}, 0),
        (90, {"exp": 4600}, 0),
        (None, {"exp": "4600"}, 0),
        (None, {"exp": True}, 0),
    ],
)
def test_a_sign_in_ends(minutes: float | None, given: dict[str, Any], until: float):
    chosen = settings() if minutes is None else settings(session_minutes=minutes)
    assert claims.until(signed(**given), chosen) == until


def test_kept_work_is_given_once_and_to_its_owner_only():
    anna = Actor("anna", "Anna", "Bovenland", frozenset({"finance"}))
    kept_work.put(anna, {"shown": "hers"})
    for other in (Actor("otto", "Anna", "Bovenland", anna.roles), Actor("anna", "Anna", "Onderland", anna.roles)):
        assert kept_work.take(other) == {}
    assert kept_work.take(anna) == {"shown": "hers"}
    assert kept_work.take(anna) == {}


def test_kept_work_does_not_pile_up():
    people = [Actor(f"p{n}", "P", "Bovenland", frozenset()) for n in range(kept_work.AT_MOST + 3)]
    for person in people:
        kept_work.put(person, {"shown": person.user_id})
    assert [kept_work.take(person) for person in people[:4]] == [{}, {}, {}, {"shown": "p3"}]
    assert kept_work.take(people[-1]) == {"shown": people[-1].user_id}
    for person in people:
        kept_work.take(person)


def answered(
    path: str,
    *,
    query: str = "",
    cookie: str = "",
    forwarded: str = "",
    status: int = 302,
    sets: str = "",
    to: str = "/",
) -> tuple[int, dict[str, list[str]]]:
    """What the browser gets when Streamlit answers this path in this way."""
    headers = [(b"location", to.encode())] if to else []
    headers += [(b"set-cookie", sets.encode())] if sets else []
    sent: list[dict[str, Any]] = []

    async def streamlit(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def browser(message: Any) -> None:
        sent.append(message)

    asked = [(b"cookie", cookie.encode())] if cookie else []
    asked += [(b"x-forwarded-proto", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": asked, "scheme": "http"}
    asyncio.run(WayBack(streamlit)(scope, None, browser))  # type: ignore[arg-type]
    found: dict[str, list[str]] = {}
    for name, value in sent[0]["headers"]:
        found.setdefault(name.decode(), []).append(value.decode())
    return sent[0]["status"], found


USER = "_streamlit_user=signed; HttpOnly; Path=/; SameSite=lax"


def test_one_comes_back_to_the_page_that_one_wanted():
    status, headers = answered(
        "/oauth2callback",
        query="code=1&state=2",
        cookie="buurtwaarde_adres=%2Fwaarde%3Fgemeente%3Dvoorbeeld%26object%3D01%2520a",
        sets=USER,
    )
    assert status == 302
    assert headers["location"] == ["/waarde?gemeente=voorbeeld&object=01%20a"]
    assert any(value.startswith("buurtwaarde_adres=; ") and "Max-Age=0" in value for value in headers["set-cookie"])


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/%5Celsewhere.example",
        "%2F%2Felsewhere.example",
        "%2F%5C%5Celsewhere.example",
        "javascript:alert(1)",
        "waarde",
        "/waarde%0D%0ASet-Cookie:%20a=b",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_elsewhere(wanted: str):
    _, headers = answered("/oauth2callback", query="code=1&state=2", cookie=f"buurtwaarde_adres={wanted}", sets=USER)
    assert headers["location"] == ["/"]


@pytest.mark.parametrize(
    ("path", "query", "sets", "location"),
    [
        ("/oauth2callback", "code=1&state=2", "", "/?aanmelden=mislukt"),
        ("/oauth2callback", "error=access_denied&state=2", "", "/?aanmelden=mislukt"),
        ("/oauth2callback", "code=1&state=2", '_streamlit_user=""; Max-Age=0; Path=/', "/?aanmelden=mislukt"),
        ("/oauth2callback", "", "", "/?aanmelden=uit"),
        ("/auth/logout", "", '_streamlit_user=""; Max-Age=0; Path=/', "/?aanmelden=uit"),
    ],
)
def test_what_happened_is_said(path: str, query: str, sets: str, location: str):
    assert answered(path, query=query, sets=sets)[1]["location"] == [location]


def test_a_bare_error_becomes_a_page_of_ours():
    status, headers = answered("/auth/login", status=400, to="")
    assert (status, headers["location"]) == (302, ["/?aanmelden=mislukt"])


def test_the_provider_is_not_changed_on_the_way_there():
    elsewhere = "https://aanmelden.example/authorize?state=2"
    assert answered("/auth/login", to=elsewhere)[1]["location"] == [elsewhere]
    assert answered("/auth/logout", to=elsewhere)[1]["location"] == [elsewhere]


def test_under_an_address_of_its_own_it_stays_there():
    _, headers = answered(
        "/buurt/oauth2callback", query="code=1", sets=USER, to="/buurt/", cookie="buurtwaarde_adres=/x"
    )
    assert headers["location"] == ["/buurt/"]


def test_cookies_travel_over_encrypted_connections_only():
    _, headers = answered("/oauth2callback", query="code=1", sets=USER, forwarded="https")
    assert all("; Secure" in value for value in headers["set-cookie"])
    _, headers = answered("/oauth2callback", query="code=1", sets=USER)
    assert not any("; Secure" in value for value in headers["set-cookie"])
