"""Two processes behind the proxy as it is shipped: who stays where, and what happens when a process ends."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from benchmarks.visitor import Visitor
from tests.browser.programs import free_port, program_running
from tests.deploy.site import (
    CONFIGURATION,
    PATIENCE_SECONDS,
    PROCESS_COOKIE,
    end_process,
    two_free_ports,
    two_processes,
    wait_until_healthy,
)

SLIDER = "slider_disconto"
ANNA_PRICE, BERT_PRICE = "123.457", "98.765"


@dataclass(frozen=True)
class Running:
    """The address that visitors use, the script that keeps the processes up, and what signs a sign-in."""

    address: str
    processes: subprocess.Popen[bytes]
    first_port: int
    cookie_secret: str

    def visitor(self, name: str | None) -> Visitor:
        """Somebody who signed in, as the way back from the provider leaves it in a browser; or nobody."""
        if name is None:
            return Visitor(self.address)
        now = int(time.time())
        claims = {"iss": "https://provider.example", "sub": name, "aud": "buurtwaarde", "name": name, "nonce": name}
        claims |= {"iat": now, "exp": now + 3600, "groups": ["raad"], "locale": "Bovenland"}
        signed = json.dumps({"origin": self.address, "is_logged_in": True, **claims})
        return Visitor(
            self.address,
            {"_streamlit_user": create_signed_value(self.cookie_secret, "_streamlit_user", signed).decode()},
        )

    def port_of(self, server: str) -> int:
        """Where the proxy finds the process that its cookie names."""
        return self.first_port + ("one", "two").index(server)


@pytest.fixture(scope="module")
def running(haproxy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("proxy")
    first, door, secret = two_free_ports(), free_port(), secrets.token_hex(32)
    address = f"http://127.0.0.1:{door}"
    sign_in = {
        "METADATA_URL": "https://provider.example/.well-known/openid-configuration",
        "CLIENT_ID": "buurtwaarde",
        "CLIENT_SECRET": secrets.token_hex(16),
        "REDIRECT_URI": f"{address}/oauth2callback",
        "COOKIE_SECRET": secret,
        "ORGANISATION_CLAIM": "locale",
        "ROLES_CLAIM": "groups",
        "ROLE_COUNCIL": "raad",
    }
    app = {f"BUURTWAARDE_SIGN_IN_{name}": value for name, value in sign_in.items()}
    app |= {"DATABASE_URL": f"sqlite:///{folder}/register.db"}
    proxy = {
        "BUURTWAARDE_BIND": f"127.0.0.1:{door}",
        "BUURTWAARDE_PORT_ONE": str(first),
        "BUURTWAARDE_PORT_TWO": str(first + 1),
    }
    log = folder / "log.txt"
    with (
        two_processes(first, log, app) as processes,
        program_running([haproxy, "-db", "-f", str(CONFIGURATION)], door, log, environment=proxy),
    ):
        yield Running(address, processes, first, secret)


def test_a_visitor_stays_with_one_process_and_goes_to_another_when_it_ends(running: Running) -> None:
    asyncio.run(two_visitors(running))


async def two_visitors(running: Running) -> None:
    anna, bert = running.visitor("Anna"), running.visitor("Bert")
    address = {"gemeente": "voorbeeld", "disconto": "1"}
    first = await anna.open("waarde", address | {"prijs": "123457"})
    other = await bert.open("waarde", address | {"prijs": "98765"})
    # The proxy passes on the cookie of the sign-in, and the second visitor goes where it is quieter.
    assert "Anna" in first.text
    assert "Bert" in other.text
    assert {anna.cookies[PROCESS_COOKIE], bert.cookies[PROCESS_COOKIE]} == {"one", "two"}
    for visitor, own, others in ((anna, ANNA_PRICE, BERT_PRICE), (bert, BERT_PRICE, ANNA_PRICE)):
        answer = await visitor.move(SLIDER, "3%")
        assert own in answer.text
        assert others not in answer.text

    # The connection broke: the same session goes on, with the price that only the session knows.
    session, process = anna.session_id, anna.cookies[PROCESS_COOKIE]
    await anna.close()
    again = await anna.open("waarde", {"gemeente": "voorbeeld"}, resume=True)
    assert (anna.session_id, anna.cookies[PROCESS_COOKIE]) == (session, process)
    assert ANNA_PRICE in again.text

    # Her process is gone. She had a workbook of her own open, so her browser asks for that.
    end_process(running.processes, running.port_of(process))
    await anna.close()
    after = await anna.open("waarde", {"gemeente": "eigen"}, resume=True)
    assert anna.session_id != session
    assert anna.cookies[PROCESS_COOKIE] == bert.cookies[PROCESS_COOKIE]
    assert "de server is opnieuw gestart. Uw werkmap is daarom niet meer open" in after.text
    assert BERT_PRICE not in after.text
    answer = await bert.move(SLIDER, "2%")
    assert BERT_PRICE in answer.text
    await anna.close()
    await bert.close()
    wait_until_healthy(f"http://127.0.0.1:{running.port_of(process)}")


def test_who_did_not_sign_in_gets_no_figures_through_the_proxy(running: Running) -> None:
    async def stranger() -> str:
        visitor = running.visitor(None)
        answer = await visitor.open("waarde", {"gemeente": "voorbeeld"})
        await visitor.close()
        return answer.text

    text = asyncio.run(stranger())
    assert "Aanmelden" in text
    assert "Voorbeeldstad" not in text


def test_an_upload_that_is_too_large_is_refused_at_the_door(running: Running) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{running.address}/_stcore/upload_file/x/y", method="PUT", headers={"Content-Length": str(32 * 2**20)}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310
    with refused.value as answer:
        assert answer.code == 413


def test_without_any_process_a_page_says_what_to_do(running: Running) -> None:
    running.processes.terminate()
    running.processes.wait(timeout=PATIENCE_SECONDS)
    with pytest.raises(urllib.error.HTTPError) as away:
        urllib.request.urlopen(running.address, timeout=30)  # noqa: S310
    with away.value as answer:
        assert answer.code == 503
        assert "Buurtwaarde is er even niet" in answer.read().decode()
