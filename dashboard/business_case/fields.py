"""One answer on the screen: the label, the field, what was read, what is wrong, and "I do not know"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard.business_case import session
from dashboard.business_case.answers import Answers, Mark, Spot, problem_at, read_typed
from dashboard.business_case.questions import TAKE_UPS, Field, take_up_cell
from dashboard.business_case.references import (
    area,
    care_name,
    filled_in,
    payer_of,
    price_of,
    price_words,
    quantity_word,
    replaced_care,
)
from dashboard.frame import plain
from dashboard.labels import choice_label
from dashboard.notation import amount, number, percent
from dashboard.terms import party_name
from dashboard.wording import _, language, speaking
from intake.cells import CellMistake
from intake.workbook import Cell

SEEN = "business_case_fields"
"""Session key: what each field holds."""
OTHER = "other"
NOT_KNOWN_WIDTHS = [5, 2]


def ask(field: Field, row: int | None = None) -> None:
    """Ask for one answer, and put it in its cell as soon as it is given."""
    plan = session.answers()
    if field.shown is not None and not field.shown(plan, row):
        return
    spot = plan.spot(field.table, field.column, row)
    if spot is None:
        return
    with st.container(key=f"field_{spot.name}", gap="small"):
        if field.unknown is None:
            WIDGETS[field.widget](field, spot)
        elif field.widget == "tenths":
            WIDGETS[field.widget](field, spot)
            _not_known(field, spot)
        else:
            asked, not_known = st.columns(NOT_KNOWN_WIDTHS, vertical_alignment="bottom", gap="small")
            with asked:
                WIDGETS[field.widget](field, spot)
            with not_known:
                _not_known(field, spot)
        _after(field, spot)


def mistake_words(plan: Answers, spot: Spot, mistake: CellMistake) -> str:
    """What is wrong with an answer, and what to type instead."""
    if mistake.rule in {"not_a_number", "number_too_large"} and spot.declared.kind == "amount":
        return _(
            "This is not an amount. Type for example {example}.", example="12.500" if language() == "nl" else "12,500"
        )
    if mistake.rule == "ambiguous_number":
        return _("This can be read in two ways. Type it without a sign for thousands, for example 12500.")
    if mistake.rule in {"percent_forgotten", "share_out_of_bounds"}:
        return _(
            "This percentage cannot be. Type one from {lowest} to {highest}, for example {example}.",
            lowest=percent(spot.declared.minimum),
            highest=percent(spot.declared.maximum),
            example=percent(0.045, 1),
        )
    text = problem_at(plan, spot, mistake).message(language())
    # The message begins with the place in the workbook; on this page the field itself is the place.
    words = text.split(": ", 1)[-1]
    return words[0].upper() + words[1:]


def _text(field: Field, spot: Spot) -> None:
    _typed(field, spot, st.text_input, icon=":material/euro:" if spot.declared.kind == "amount" else None)


def _lines(field: Field, spot: Spot) -> None:
    _typed(field, spot, st.text_area, height=110)


def _typed(field: Field, spot: Spot, widget: Callable[..., str | None], **looks: object) -> None:
    """A field in which one types. What is in it when the connection comes back is taken too."""
    base = f"bc_{spot.name}"
    held = _held(base, _shown_text(session.answers(), field, spot))
    text = widget(
        field.label,
        value=held.default,
        key=held.key(base),
        placeholder=_("for example {example}", example=field.example) if field.example else None,
        help=field.help or None,
        on_change=_take_typed,
        args=(field, spot, base),
        disabled=_is_reference(field, spot),
        **looks,
    )
    if text != held.value:
        _take_typed(field, spot, base)


def _is_reference(field: Field, spot: Spot) -> bool:
    """Whether a reference stands here, which gives way as a whole: amount and number together."""
    mark = session.answers().mark(spot)
    return mark is not None and mark.kind == "reference" and field.unknown is not None


def _shown_text(plan: Answers, field: Field, spot: Spot) -> str:
    return plan.own_note(spot.table) if field.column == "note" else plan.text(spot, language())


def _take_typed(field: Field, spot: Spot, base: str) -> None:
    plan, held = session.answers(), st.session_state[SEEN][base]
    text = st.session_state.get(held.key(base)) or ""
    if plan is None or text == held.value:
        return
    if field.column == "note":
        session.change(plan.with_own_note(spot.table, text.strip()))
    else:
        _put(field, spot, read_typed(text, spot.declared, language()))
    _hold(base, text, _shown_text(session.answers(), field, spot))


def _put(field: Field, spot: Spot, cell: Cell, mark: Mark | None = None) -> None:
    """Put the answer in its cell, and in the cells that get the same."""
    plan = session.answers().with_answer(spot, cell, mark)
    for table, column in field.also:
        other = plan.spot(table, column)
        if other is not None:
            plan = plan.with_answer(other, cell)
    session.change(plan)


@dataclass(frozen=True)
class Held:
    """What a field on the screen holds, and what its cell held then.

    A field is never written into: the answer to somebody's last key may still be on its way, and would come back as if
    they had typed the old text. Where its cell was changed elsewhere (on another page, by a reference, by a switch of
    language) the field gives way to a new one, with a name of its own.

    Parameters
    ----------
    generation : int
        Goes up with every new field.
    default : object
        What the field began with.
    value : object
        What it holds.
    cell : object
        What its cell showed then.
    """

    generation: int
    default: Any
    value: Any
    cell: Any

    def key(self, base: str) -> str:
        """The name of the field."""
        return f"{base}_{self.generation}"


def _held(base: str, cell: Any) -> Held:
    """What the field of this cell holds; a new field where the cell is not what it was.

    In a session that has just begun, what the browser still has in the field is newer than the cell; Streamlit takes
    that before what the field begins with.
    """
    seen: dict[str, Held] = st.session_state.setdefault(SEEN, {})
    held = seen.get(base)
    if held is None:
        held = Held(0, cell, cell, cell)
    elif held.cell != cell:
        held = Held(held.generation + 1, cell, cell, cell)
    elif held.key(base) not in st.session_state:
        held = Held(held.generation, cell, cell, cell)
    seen[base] = held
    return held


def _hold(base: str, value: Any, cell: Any) -> None:
    """Remember what the field holds, and its cell."""
    seen: dict[str, Held] = st.session_state[SEEN]
    seen[base] = replace(seen[base], value=value, cell=cell)


def _chosen(spot: Spot, now: Any, take: Callable[[Any], None], widget: Callable[..., Any]) -> None:
    """A field in which one chooses.

    Parameters
    ----------
    now : object
        What the cell says is chosen.
    take : callable
        Puts another choice in the cell.
    widget : callable
        Makes the field from its name, what it begins with, and what to call when something else is chosen.
    """
    base = f"bc_{spot.name}_{language()}"
    held = _held(base, now)

    def taken() -> None:
        value = st.session_state.get(held.key(base))
        known: Held = st.session_state[SEEN][base]
        if value != known.value:
            _hold(base, value, value)
            take(value)

    value = widget(held.key(base), held.default, taken)
    if value != held.value:
        taken()


def _choice(field: Field, spot: Spot) -> None:
    plan = session.answers()
    names = {choice.key: choice_label(choice) for choice in spot.declared.choices}
    if spot.column == "payer":
        names = {key: party_name(key) for key in names}

    def take(key: Any) -> None:
        _put(field, spot, None if key is None else session.answers().word(spot.table, spot.column, key))

    _picked(field, spot, list(names), plan.choice(spot), names.__getitem__, take)


def _tenths(field: Field, spot: Spot) -> None:
    """A share, asked as so many of ten; one that lies between is a choice of its own."""
    now = session.answers().number(spot)
    options = sorted({tenth / 10 for tenth in range(11)} | ({now} if now is not None else set()))
    _picked(field, spot, options, now, lambda share: number(share * 10, 2), lambda share: _put(field, spot, share))


def _picked(
    field: Field, spot: Spot, options: list[Any], now: Any, name: Callable[..., str], take: Callable[[Any], None]
) -> None:
    """Buttons of which one is pressed; they wrap on a small screen."""
    _chosen(
        spot,
        now,
        take,
        lambda key, begins, taken: st.pills(
            field.label,
            options,
            default=begins,
            key=key,
            format_func=name,
            help=field.help or None,
            on_change=taken,
        ),
    )


def _listed(
    field: Field, spot: Spot, options: list[Any], now: Any, name: Callable[..., str], take: Callable[[Any], None]
) -> None:
    """A list to choose from."""
    _chosen(
        spot,
        now,
        take,
        lambda key, begins, taken: st.selectbox(
            field.label,
            options,
            index=options.index(begins) if begins in options else None,
            key=key,
            format_func=name,
            placeholder=_("Choose"),
            help=field.help or None,
            on_change=taken,
        ),
    )


def _price(field: Field, spot: Spot) -> None:
    """What people would otherwise get: care with a reference price, or something else."""
    plan = session.answers()
    names = {**replaced_care(plan), OTHER: _("Something else; we know what it costs, or ask")}
    known = plan.text(spot, language())
    own = plan.rows("tasks")[spot.row]
    now = known or (OTHER if {"unit", "institutional_unit_cost_eur", "payer"} & set(own) else None)
    if now is not None and now not in names:
        names[now] = care_name(plan, now) or now
    _listed(field, spot, list(names), now, names.__getitem__, lambda key: _take_price(spot, key))


def _take_price(spot: Spot, key: object) -> None:
    """The price, and with it the unit and who pays; for something else these are asked."""
    plan = session.answers()
    price = None if key in {None, OTHER} else price_of(plan, str(key))
    if price is None:
        plan = plan.with_answer(spot, None)
        payer = plan.word("tasks", "payer", "municipality") if key == OTHER else None
        plan = plan.with_answer(Spot("tasks", spot.row, "payer"), payer)
        if key is None:
            plan = plan.with_answer(Spot("tasks", spot.row, "unit"), None)
    else:
        plan = plan.with_answer(spot, price.key, Mark("reference", price_words_in(plan, price.key)))
        plan = plan.with_answer(Spot("tasks", spot.row, "unit"), quantity_word(price))
        plan = plan.with_answer(Spot("tasks", spot.row, "payer"), plan.word("tasks", "payer", payer_of(price.key)))
        plan = plan.with_answer(Spot("tasks", spot.row, "institutional_unit_cost_eur"), None)
    session.change(plan)


def price_words_in(plan: Answers, key: str) -> str:
    """A price in the words of the workbook's language, for its note."""
    with speaking("nl" if plan.dutch else "en"):
        return price_words(price_of(plan, key))


def _take_up(field: Field, spot: Spot) -> None:
    """How fast something fills up, in words."""
    plan = session.answers()
    cells = {take_up_cell(shares) or "": shares for shares in TAKE_UPS}
    now = str(plan.cell(spot) or "")
    names = {cell: _take_up_words(shares) for cell, shares in cells.items()}
    names.setdefault(now, now)
    _listed(field, spot, list(names), now, names.__getitem__, lambda key: _put(field, spot, str(key) if key else None))


def _take_up_words(shares: tuple[float, ...]) -> str:
    if shares == (1.0,):
        return _("Full from the first year")
    listed = ", ".join(percent(share) for share in shares[:-1])
    return _("Slowly: {shares} in the first years, then full", shares=listed)


def _place(field: Field, spot: Spot) -> None:
    """A building, green space or nothing; or an object that stands in the workbook already."""
    plan = session.answers()
    own = plan.asset_id
    kind_spot = plan.spot("assets", "kind")
    mark = plan.mark(spot)
    others = {
        str(row["asset_id"]): str(row.get("name") or row["asset_id"])
        for row in plan.every_row("assets").values()
        if row.get("asset_id") is not None
    }
    if set(others) - {own}:
        names = {
            **others,
            "building": _("Another building"),
            "green": _("Another green space"),
            "none": _("Nothing: our plan is about activities only"),
        }
        now = own if own in others else "none" if mark and mark.kind == "none" else None
        _listed(field, spot, list(names), now, names.__getitem__, lambda key: _take_place(key, others))
        return
    names = {
        "building": _("A building"),
        "green": _("Green space"),
        "none": _("Nothing: our plan is about activities only"),
    }
    now = (
        plan.choice(kind_spot)
        if own is not None and kind_spot is not None
        else "none"
        if mark and mark.kind == "none"
        else None
    )
    _picked_place(field, spot, names, now)


def _picked_place(field: Field, spot: Spot, names: dict[str, str], now: str | None) -> None:
    _chosen(
        spot,
        now,
        lambda key: _take_place(key, {}),
        lambda key, begins, taken: st.radio(
            field.label,
            list(names),
            index=list(names).index(begins) if begins in names else None,
            key=key,
            format_func=names.__getitem__,
            help=field.help or None,
            on_change=taken,
        ),
    )


def _take_place(key: object, others: dict[str, str]) -> None:
    plan = session.answers()
    if key in others:
        session.change(plan.linked_to(str(key)))
    elif key is not None:
        spot = plan.spot("initiatives", "asset_id")
        if others and plan.asset_id in others:
            plan = plan.with_answer(spot, None)
        plan = plan.with_place(None if key == "none" else str(key))
        where = plan.spot("initiatives", "neighbourhood")
        place = plan.spot("assets", "neighbourhood")
        if place is not None and plan.cell(place) is None and where is not None:
            plan = plan.with_answer(place, plan.cell(where))
        session.change(plan)


def _not_known(field: Field, spot: Spot) -> None:
    """The box "I do not know"."""
    base = f"bc_{spot.name}_not_known"
    held = _held(base, session.answers().mark(spot) is not None)

    def taken() -> None:
        is_unknown = bool(st.session_state.get(held.key(base)))
        known: Held = st.session_state[SEEN][base]
        if is_unknown != known.value:
            _hold(base, is_unknown, is_unknown)
            _take_not_known(field, spot, is_unknown=is_unknown)

    if st.checkbox(_("I don’t know"), value=held.default, key=held.key(base), on_change=taken) != held.value:
        taken()


def _take_not_known(field: Field, spot: Spot, *, is_unknown: bool) -> None:
    plan = session.answers()
    if not is_unknown:
        if field.unknown.area and _is_reference(field, spot):
            plan = plan.with_answer(Spot(spot.table, spot.row, "quantity_per_year"), None)
        session.change(plan.with_answer(spot, None))
        return
    found = filled_in(plan, spot, field.unknown)
    for column, cell in found.cells.items():
        if column != spot.column:
            plan = plan.with_answer(Spot(spot.table, spot.row, column), cell)
    session.change(plan.with_answer(spot, found.cells.get(spot.column), found.mark))


def _after(field: Field, spot: Spot) -> None:
    """What was read, what is wrong, or what "I do not know" did."""
    plan = session.answers()
    if spot.row not in plan.every_row(spot.table) and spot.table != "assumptions":
        return
    mistake = plan.mistake(spot)
    if mistake is not None:
        st.error(mistake_words(plan, spot, mistake), icon=":material/edit:")
        return
    mark = plan.mark(spot)
    if mark is not None and field.widget == "price":
        st.caption(f":material/menu_book: {plain(price_words(price_of(plan, plan.text(spot, language()))))}")
    elif mark is not None and field.unknown is not None:
        _not_known_words(plan, field, mark)
    elif field.widget == "text":
        _read_back(plan, spot)


def _not_known_words(plan: Answers, field: Field, mark: Mark) -> None:
    if mark.kind == "reference":
        price = price_of(plan, field.unknown.price_key)
        said = plain(price_words(price)) if price is not None else ""
        size = area(plan)
        counted = (
            " " + _("Counted for {area} m².", area=number(size, 1)) if field.unknown.area and size is not None else ""
        )
        st.info(f"**{_('Reference')}.** {said}{counted} {plain(field.unknown.says)}", icon=":material/menu_book:")
    elif mark.kind == "assumed":
        st.warning(f"**{_('Assumption')}.** {plain(field.unknown.says)}", icon=":material/help:")
    else:
        st.warning(f"**{_('Open point')}.** {plain(field.unknown.says)}", icon=":material/help:")


def _read_back(plan: Answers, spot: Spot) -> None:
    """How an amount, number or percentage was read."""
    kind, value = spot.declared.kind, plan.cell(spot)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    words = {
        "amount": lambda: amount(value, 0 if float(value).is_integer() else 2),
        "number": lambda: number(value, 2),
        "fraction": lambda: percent(value, 0 if round(value * 100, 9).is_integer() else 2),
    }.get(kind)
    if words is not None:
        st.caption(_("Read as {amount}", amount=words()))


WIDGETS: dict[str, Callable[[Field, Spot], None]] = {
    "text": _text,
    "lines": _lines,
    "choice": _choice,
    "tenths": _tenths,
    "price": _price,
    "take_up": _take_up,
    "place": _place,
}
