"""A line between browser and server that can be cut in the middle of an upload, as a bad connection does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

UPLOAD = b"PUT /_stcore/upload_file/"
PIECE = 16_384


class Line:
    """Passes on every byte both ways.

    Attributes
    ----------
    cut_after : int | None
        How many bytes of an upload come through before the line is cut; `None` lets all of it through.
    address : str
        Where the browser goes.
    """

    def __init__(self, to: str) -> None:
        parts = urlsplit(to)
        self.to = (parts.hostname, parts.port)
        self.cut_after: int | None = None
        self.cuts = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._door.accept()
                server = socket.create_connection(self.to)
                threading.Thread(target=self._ask, args=(browser, server), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(server, browser), daemon=True).start()

    def _ask(self, browser: socket.socket, server: socket.socket) -> None:
        """From the browser to the server, where an upload may be cut."""
        left: int | None = None
        with suppress(OSError):
            while piece := browser.recv(PIECE):
                if self.cut_after is not None and piece.startswith(UPLOAD):
                    left = self.cut_after
                if left is not None:
                    piece, left = piece[:left], left - len(piece)
                server.sendall(piece)
                if left is not None and left <= 0:
                    self.cuts += 1
                    break
        for end in (browser, server):
            end.close() if left is None else _cut(end)

    def _pass_on(self, server: socket.socket, browser: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(PIECE):
                browser.sendall(piece)
        browser.close()


def _cut(end: socket.socket) -> None:
    """Stop at once, in both directions, also for whoever is waiting for an answer on it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(server: str) -> Iterator[Line]:
    """A line to this server, for as long as it is needed."""
    line = Line(server)
    try:
        yield line
    finally:
        line.close()
