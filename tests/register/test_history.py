"""Whatever a number of people do in whatever order: the history is complete, in order, and never changes."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register import Conflict
from register.cases import Register
from register.database import Database
from register.records import WORKBOOK
from tests.register.people import ADMINISTRATOR, FINANCE, OWNER

TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=20)
PAYLOADS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([FINANCE, ADMINISTRATOR, OWNER]),
        st.sampled_from([WORKBOOK, "draft", "scenario"]),
        st.sampled_from(["", "a", "B1/2027"]),
        PAYLOADS,
        st.integers(-1, 1),  # builds on an older version, the latest, or one that is not there
        st.integers(-3600, 3600),  # the clock goes on, or back
    ),
    max_size=12,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def timed(request, tmp_path_factory):
    """A register whose clock the test sets; one for all examples, each with a case of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('history') / 'register.db'}"
    else:
        url = request.getfixturevalue("postgres").get_uri()
    moments = [datetime(2026, 1, 1, tzinfo=UTC)]
    register = Register(Database(url), clock=lambda: moments[-1])
    yield register, moments
    register.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_history_is_what_was_done(timed, steps):
    register, moments = timed
    case_id = register.save_case(OWNER, name="Huis", workbook=b"0", why="begin").case_id
    done = [(OWNER.user_id, WORKBOOK, "", 1, "begin")]
    payloads = [None]
    latest = {(WORKBOOK, ""): 1}
    for step, (actor, kind, key, payload, shift, seconds) in enumerate(steps):
        moments.append(moments[-1] + timedelta(seconds=seconds))
        thing = (WORKBOOK, "") if kind == WORKBOOK else (kind, key)
        based_on = latest.get(thing, 0) + shift
        why = f"step {step}"
        before = register.history(ADMINISTRATOR, case_id)

        def act(actor=actor, kind=kind, key=key, payload=payload, based_on=based_on or None, why=why, step=step):
            if kind == WORKBOOK:
                new = str(step).encode()
                register.save_case(actor, case_id=case_id, name="Huis", workbook=new, based_on=based_on, why=why)
            else:
                register.append(actor, case_id, kind=kind, key=key, payload=payload, based_on=based_on, why=why)

        if shift != 0:
            with pytest.raises(Conflict) as conflict:
                act()
            standing = conflict.value.latest
            assert (standing.version if standing else 0) == latest.get(thing, 0)
            assert register.history(ADMINISTRATOR, case_id) == before
            continue
        act()
        latest[thing] = based_on + 1
        done.append((actor.user_id, *thing, latest[thing], why))
        payloads.append(None if kind == WORKBOOK else payload)
        assert register.history(ADMINISTRATOR, case_id)[:-1] == before
    history = register.history(ADMINISTRATOR, case_id)
    assert [(entry.by, entry.kind, entry.key, entry.version, entry.why) for entry in history] == done
    assert [entry.number for entry in history] == list(range(1, len(done) + 1))
    assert [entry.at for entry in history] == sorted(entry.at for entry in history)
    for entry, payload in zip(history, payloads, strict=True):
        assert entry.kind == WORKBOOK or entry.payload == payload
    newest = register.entries(ADMINISTRATOR, case_id)
    assert {(entry.kind, entry.key): entry.version for entry in newest} == latest


def test_the_export_can_be_read_without_this_software(register):
    case_id = register.save_case(
        OWNER, name="<b>Huis</b> & tuin", workbook=b"one", why="Eerste <script>", initiatives=["B1"]
    ).case_id
    register.save_case(FINANCE, case_id=case_id, name="<b>Huis</b> & tuin", workbook=b"two", based_on=1, why="tweede")
    register.append(
        FINANCE, case_id, kind="decision", key="raad", payload={"outcome": "ja"}, based_on=None, why="raadsbesluit"
    )
    with zipfile.ZipFile(io.BytesIO(register.export_case(ADMINISTRATOR, case_id))) as archive:
        assert archive.namelist() == [
            "LEESMIJ.html",
            "README.html",
            "entries.jsonl",
            "werkmappen/werkmap-versie-1.xlsx",
            "werkmappen/werkmap-versie-2.xlsx",
        ]
        assert archive.read("werkmappen/werkmap-versie-1.xlsx") == b"one"
        assert archive.read("werkmappen/werkmap-versie-2.xlsx") == b"two"
        lines = [json.loads(line) for line in archive.read("entries.jsonl").decode().splitlines()]
        assert [(line["kind"], line["version"], line["by_name"], line["why"]) for line in lines] == [
            ("workbook", 1, "Olga", "Eerste <script>"),
            ("workbook", 2, "Frits", "tweede"),
            ("decision", 1, "Frits", "raadsbesluit"),
        ]
        dutch, english = archive.read("LEESMIJ.html").decode(), archive.read("README.html").decode()
    assert '<html lang="nl">' in dutch
    assert '<html lang="en">' in english
    for page in (dutch, english):
        assert "<script>" not in page
        assert "&lt;b&gt;Huis&lt;/b&gt; &amp; tuin" in page
        assert 'href="werkmappen/werkmap-versie-2.xlsx"' in page
    assert "<td>besluit</td>" in dutch
    assert "<td>decision</td>" in english


def test_two_registers_open_on_one_database_see_each_others_work(url, opened):
    one, two = opened(url), opened(url)
    case_id = one.save_case(FINANCE, name="Huis", workbook=b"1", why="begin").case_id
    two.save_case(FINANCE, case_id=case_id, name="Huis", workbook=b"2", based_on=1, why="verder")
    assert [entry.why for entry in one.history(FINANCE, case_id)] == ["begin", "verder"]
