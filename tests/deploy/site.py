"""The app as it is served to many: its processes, and the proxy before them, as both are shipped."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks.visitor import HEALTH
from tests.browser.programs import ROOT, free_port, program_running

CONFIGURATION = ROOT / "deploy" / "haproxy.cfg"
PROCESS_COOKIE = "buurtwaarde_process"
PATIENCE_SECONDS = 60
CERTIFICATE = "/etc/haproxy/buurtwaarde.pem"


def two_free_ports() -> int:
    """A free port of which the next one is free as well."""
    for _attempt in range(50):
        port = free_port()
        with ExitStack() as both:
            try:
                for each in (port, port + 1):
                    both.enter_context(socket.socket()).bind(("127.0.0.1", each))
            except OSError:
                continue
            return port
    pytest.fail("no two ports beside each other are free")


@contextmanager
def two_processes(first_port: int, log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The script that keeps two processes up, once both can have visitors."""
    command = [str(ROOT / "deploy" / "processes"), "2", str(first_port)]
    with program_running(command, first_port, log, environment={**environment, "PYTHON": sys.executable}) as script:
        for port in (first_port, first_port + 1):
            wait_until_healthy(f"http://127.0.0.1:{port}")
        yield script


def end_process(script: subprocess.Popen[bytes], port: int) -> None:
    """End the process on this port at once, as a crash does."""
    family = psutil.Process(script.pid).children(recursive=True)
    found = [each for each in family if "streamlit" in each.cmdline() and str(port) in each.cmdline()]
    assert len(found) == 1
    found[0].kill()


def wait_until_healthy(address: str) -> None:
    """Until this process says itself that it can have visitors."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address + HEALTH, timeout=5) as reply:  # noqa: S310 - our own server
                assert reply.status == 200
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


def with_encryption(door: int, unencrypted_door: int, certificate: Path) -> str:
    """The configuration with the lines in it that stand ready for encryption, on ports of this machine."""
    ready = re.sub(r"^ {4}#  (?= )", "   ", CONFIGURATION.read_text("utf-8"), flags=re.MULTILINE)
    own = re.sub(r'^ *bind "\$\{BUURTWAARDE_BIND.*\n', "", ready, flags=re.MULTILINE)
    for given, here in (
        (" :443 ", f" 127.0.0.1:{door} "),
        (" :80\n", f" 127.0.0.1:{unencrypted_door}\n"),
        (CERTIFICATE, str(certificate)),
    ):
        assert own.count(given) == 1
        own = own.replace(given, here)
    return own
