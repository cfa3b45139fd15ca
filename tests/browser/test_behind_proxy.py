"""As a municipality runs it: a provider, the shipped proxy with encryption, two processes, and one PostgreSQL."""

from __future__ import annotations

import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, BrowserContext, Page, expect

from register import Actor, open_register
from tests.browser.programs import free_port, program_running
from tests.browser.signing_in import Person, provider_running, sign_in, sign_out, user_cookie, visiting
from tests.deploy.site import PROCESS_COOKIE, end_process, two_free_ports, two_processes, with_encryption

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience")]

ANNA = Person("anna", "Anna de Raad", ("raad",))
FATIMA = Person("fatima", "Fatima Financien", ("financien",))
CHIEF = Actor("chief", "Beheer", FATIMA.organisation, frozenset({"administrator"}))
KEPT = "Buurthuis De Linde, versie 1, zoals die is bewaard."


@dataclass(frozen=True)
class Site:
    """The address of visitors, the one without encryption, the script that keeps the processes up, and the database."""

    address: str
    unencrypted: str
    processes: subprocess.Popen[bytes]
    first_port: int
    database: str


@pytest.fixture(scope="module")
def site(haproxy: str, postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything that a town hall would start, each for real."""
    folder = tmp_path_factory.mktemp("site")
    first, unencrypted, log = two_free_ports(), free_port(), folder / "log.txt"
    with provider_running(folder, [ANNA, FATIMA], "https") as provider:
        certificate, configuration = folder / "site.pem", folder / "haproxy.cfg"
        certificate.write_bytes(own_certificate())
        configuration.write_text(with_encryption(provider.app_port, unencrypted, certificate), "utf-8")
        app = provider.variables() | {"DATABASE_URL": postgres.get_uri()}
        proxy = {"BUURTWAARDE_PORT_ONE": str(first), "BUURTWAARDE_PORT_TWO": str(first + 1)}
        start = [haproxy, "-db", "-f", str(configuration)]
        with (
            two_processes(first, log, app) as processes,
            program_running(start, provider.app_port, log, environment=proxy),
        ):
            yield Site(provider.app, f"http://127.0.0.1:{unencrypted}", processes, first, postgres.get_uri())


def own_certificate() -> bytes:
    """A certificate for this machine with its key, as HAProxy wants them: in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return made.public_bytes(serialization.Encoding.PEM) + private


def process_of(context: BrowserContext) -> str:
    """The process that the proxy chose for this browser."""
    return next(each["value"] for each in context.cookies() if each["name"] == PROCESS_COOKIE)


def keep(page: Page, why: str) -> None:
    """Keep what is open as a new case."""
    page.get_by_role("textbox", name="Waarom bewaart u het?").fill(why)
    page.get_by_role("textbox", name="Naam van het dossier").fill("Buurthuis De Linde")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_text("Bewaard als versie 1 van Buurthuis De Linde.")).to_be_visible()


def test_what_one_keeps_another_reads_in_another_process_and_a_crash_takes_nothing(browser: Browser, site: Site):
    with visiting(browser) as fatima, visiting(browser) as anna:
        sign_in(fatima, f"{site.address}/dossier?gemeente=voorbeeld", FATIMA)
        keep(fatima, "Eerste doorrekening")
        signed = next(each for each in fatima.context.cookies() if each["name"] == "_streamlit_user")
        assert (signed["secure"], signed["httpOnly"]) == (True, True)

        # Her colleague's browser is sent to the process with fewer visitors, and finds the case there.
        sign_in(anna, fatima.url, ANNA)
        expect(anna.get_by_text(KEPT)).to_be_visible()
        ended = process_of(fatima.context)
        assert {ended, process_of(anna.context)} == {"one", "two"}

        # Her process is gone: the page goes on in the other one, she is still known, and the case is there.
        end_process(site.processes, site.first_port + ("one", "two").index(ended))
        fatima.reload()
        expect(fatima.get_by_text(KEPT)).to_be_visible()
        assert process_of(fatima.context) == process_of(anna.context)
        fatima.get_by_role("tab", name="Geschiedenis").click()
        expect(fatima.get_by_role("cell", name="Eerste doorrekening")).to_be_visible()

        sign_out(fatima, FATIMA)
        expect(fatima.get_by_role("heading", level=1)).to_have_text("Meld u aan bij Buurtwaarde")
        assert fatima.url.startswith(site.address)
        assert user_cookie(fatima.context) == ""
        anna.reload()
        expect(anna.get_by_text(KEPT)).to_be_visible()
    register = open_register(site.database)
    assert [(case.name, case.version) for case in register.cases(CHIEF)] == [("Buurthuis De Linde", 1)]
    register.close()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow nothing."""

    def redirect_request(self, *_: Any) -> None:
        """Leave the answer as it is."""


def test_without_encryption_one_is_sent_to_the_encrypted_address(site: Site):
    with pytest.raises(urllib.error.HTTPError) as sent:
        urllib.request.build_opener(_Stay).open(f"{site.unencrypted}/waarde?object=0102", timeout=30)
    with sent.value as answer:
        assert answer.code == 301
        assert answer.headers["Location"].startswith("https://127.0.0.1:")
        assert answer.headers["Location"].endswith("/waarde?object=0102")


def test_the_browser_is_told_to_stay_encrypted_and_to_tell_other_sites_nothing(browser: Browser, site: Site):
    with visiting(browser) as page:
        answer = page.request.get(site.address, ignore_https_errors=True)
    wanted = {
        "strict-transport-security": "max-age=31536000",
        "referrer-policy": "same-origin",
        "x-frame-options": "SAMEORIGIN",
        "x-content-type-options": "nosniff",
    }
    assert answer.ok
    assert wanted.items() <= answer.headers.items()
