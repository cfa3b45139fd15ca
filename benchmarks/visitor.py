"""A visitor without a browser: the page's own WebSocket and Streamlit's own messages.

It does what the page in a browser does: it gets the token against forgery, opens the socket, asks for a page, keeps the
elements that come, and answers with the place of a slider. Large elements that it has already are not sent again, as
with a browser.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

HEALTH = "/_stcore/health"
FORGERY = "_streamlit_xsrf"
RUNS_REMEMBERED = 2
"""How many runs a browser keeps a large element that it saw (Streamlit's `global.maxCachedMessageAge`)."""


@dataclass
class Answer:
    """What came back after one thing that the visitor did."""

    seconds: float
    last_element_seconds: float
    messages: list[bytes] = field(repr=False)
    elements: list[Element] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes that came over the socket."""
        return sum(map(len, self.messages))

    @property
    def text(self) -> str:
        """Everything in it that a person could read."""
        return "\n".join(text for element in self.elements for text in texts_of(element))


class Visitor:
    """Somebody with the app open in one window.

    Parameters
    ----------
    address : str
        Where the app is, such as `http://127.0.0.1:8501`.
    cookies : mapping, optional
        Cookies that this browser has already, such as that of a sign-in.
    """

    def __init__(self, address: str, cookies: Mapping[str, str] | None = None) -> None:
        self.address = address
        self.cookies = dict(cookies or {})
        self.session_id = ""
        self.elements: dict[tuple[int, ...], tuple[Element, str]] = {}
        self._socket: ClientConnection | None = None
        self._page_hash = ""
        self._query = ""
        self._states: dict[str, WidgetState] = {}
        self._known: dict[str, tuple[ForwardMsg, int]] = {}
        self._runs = 0

    async def open(self, page: str, parameters: Mapping[str, str], *, resume: bool = False) -> Answer:
        """Open the socket and ask for a page; with `resume`, in the session that was there before."""
        await self.connect(resume=resume)
        self._query = urlencode(parameters)
        return await self._ask(ClientState(query_string=self._query, page_name=page))

    async def connect(self, *, resume: bool = False) -> None:
        """Open the socket, with the cookies that the server wants to see again."""
        if not self.cookies.get(FORGERY):
            await asyncio.to_thread(self._fetch_cookies)
        where = urlsplit(self.address)
        protocols = ["streamlit", self.cookies[FORGERY], *([self.session_id] if resume else [])]
        self._socket = await connect(
            f"ws://{where.netloc}/_stcore/stream",
            origin=Origin(self.address),
            subprotocols=[Subprotocol(each) for each in protocols],
            additional_headers={"Cookie": self._cookie_line},
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=None,  # a server that is busy is to be measured, and a browser waits as well
            ping_interval=None,
        )
        self._keep_cookies(self._socket.response.headers.get_all("Set-Cookie"))

    def _fetch_cookies(self) -> None:
        request = Request(self.address + HEALTH, headers={"Cookie": self._cookie_line})  # noqa: S310 - our own server
        with urlopen(request, timeout=60) as reply:  # noqa: S310
            self._keep_cookies(reply.headers.get_all("Set-Cookie", []))

    def _keep_cookies(self, lines: Iterable[str]) -> None:
        for line in lines:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')

    @property
    def _cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def close(self) -> None:
        """Close the window."""
        if self._socket is not None:
            with suppress(OSError):
                await self._socket.close()

    async def move(self, key: str, step: str) -> Answer:
        """Put the select slider with this key on a step, as the server writes it."""
        element, fragment = self.widget(key)
        state = WidgetState(id=element.slider.id)
        state.string_array_value.data.append(step)
        return await self.act(state, fragment)

    async def act(self, state: WidgetState, fragment: str = "") -> Answer:
        """Do something with one widget."""
        self._states[state.id] = state
        wanted = ClientState(query_string=self._query, page_script_hash=self._page_hash, fragment_id=fragment)
        return await self._ask(wanted)

    async def again(self) -> Answer:
        """Ask for the whole page once more."""
        return await self._ask(ClientState(query_string=self._query, page_script_hash=self._page_hash))

    def widget(self, key: str) -> tuple[Element, str]:
        """The widget with this key on the page, and the fragment that it stands in."""
        for element, fragment in self.elements.values():
            widget_id = getattr(getattr(element, element.WhichOneof("type") or ""), "id", "")
            if widget_id.endswith(f"-{key}"):
                return element, fragment
        raise LookupError(f"no widget {key} on the page")

    async def _ask(self, wanted: ClientState) -> Answer:
        wanted.widget_states.widgets.extend(self._states.values())
        wanted.cached_message_hashes.extend(self._known)
        wanted.context_info.url = self.address
        wanted.context_info.locale = "nl-NL"
        wanted.context_info.timezone = "Europe/Amsterdam"
        asked = time.perf_counter()
        await self._socket.send(BackMsg(rerun_script=wanted).SerializeToString())
        return await self._until_finished(asked)

    async def _until_finished(self, asked: float) -> Answer:
        last_element, messages, elements = 0.0, [], []
        while True:
            raw = await self._socket.recv()
            messages.append(raw)
            message = self._kept(ForwardMsg.FromString(raw))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id
                self._page_hash = message.new_session.page_script_hash
                if not message.metadata.run.fragment_ids:
                    self.elements.clear()
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                last_element = time.perf_counter() - asked
                element = message.delta.new_element
                elements.append(element)
                self.elements[tuple(message.metadata.delta_path)] = element, message.delta.fragment_id
            elif kind == "script_finished":
                self._runs += 1
                self._forget_old()
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return Answer(time.perf_counter() - asked, last_element, messages, elements)

    def _kept(self, message: ForwardMsg) -> ForwardMsg:
        """The message; where it only names one that we have, that one at its new place."""
        if message.WhichOneof("type") == "ref_hash":
            known, _run = self._known[message.ref_hash]
            full = ForwardMsg()
            full.CopyFrom(known)
            full.metadata.CopyFrom(message.metadata)
            self._known[message.ref_hash] = known, self._runs
            return full
        if message.metadata.cacheable:
            self._known[message.hash] = message, self._runs
        return message

    def _forget_old(self) -> None:
        self._known = {
            name: (message, run) for name, (message, run) in self._known.items() if self._runs - run <= RUNS_REMEMBERED
        }


def texts_of(message: Message) -> Iterator[str]:
    """Every text in a message, however deep."""
    for descriptor, value in message.ListFields():
        values = value if descriptor.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from texts_of(each)
            elif isinstance(each, str):
                yield each
