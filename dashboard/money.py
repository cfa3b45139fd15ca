"""A field for an amount of euros, which reads what was typed as the app's language writes it.

Never `st.number_input`: a browser's number field makes 234575 of `2345,75`.
"""

from __future__ import annotations

import math

import streamlit as st

from dashboard.notation import amount
from dashboard.wording import _, language
from intake.cells import CellMistake, parse_amount_text


def read_amount(text: str, spoken: str) -> float | None:
    """The euros in this text; nothing typed is unknown.

    `2345,75`, `1.234,50` and `€ 1.234` are Dutch; in English the point and comma change places. Raises `CellMistake`,
    also for what would be a part of a cent: `1,234` in Dutch was meant as 1234 by who is used to English.
    """
    if not text.strip():
        return None
    read = parse_amount_text(text, spoken)
    otherwise = parse_amount_text(text, "en" if spoken == "nl" else "nl")
    if abs(read) < abs(otherwise):
        raise CellMistake("ambiguous_number")
    return read


def typed_amount(value: float | None, spoken: str) -> str:
    """The amount as one would type it in this language: 2345.75 is `2345,75`."""
    if value is None:
        return ""
    text = f"{value:.2f}".removesuffix(".00")
    return text.replace(".", ",") if spoken == "nl" else text


def money_input(
    label: str,
    key: str,
    *,
    value: float | None = None,
    explanation: str = "",
    lowest: float = -math.inf,
    parameter: str = "",
) -> float | None:
    """A field for euros that shows how it read what was typed.

    What cannot be read stays in the field, with the explanation under it, and the last good amount stays in use. The
    amount, not the text, is kept: a switch of language writes it again in the other notation.

    Parameters
    ----------
    label, explanation : str
    key : str
        Plain session key that holds the amount.
    value : float, optional
        The amount at first; none is empty.
    lowest : float
        [EUR] What is less is refused, like what is no amount.
    parameter : str
        URL parameter that keeps another amount than `value` through a reload; none keeps it in the session alone.

    Returns
    -------
    float or None
        None when the field is empty.
    """
    spoken, text_key, notation_key = language(), f"{key}_text", f"{key}_notation"
    if key not in st.session_state:
        asked = _from_url(parameter, lowest)
        st.session_state[key] = value if asked is None else asked
    if st.session_state.get(notation_key) != spoken or text_key not in st.session_state:
        # Text that could not be read is kept as it is; an amount is written again in the language of now.
        if not st.session_state.get(f"{key}_unread"):
            st.session_state[text_key] = typed_amount(st.session_state[key], spoken)
        else:
            st.session_state[text_key] = st.session_state[f"{key}_unread"]
        st.session_state[notation_key] = spoken
    text = st.text_input(
        label, key=text_key, help=explanation or None, placeholder=typed_amount(2345.75, spoken), icon=":material/euro:"
    )
    try:
        read = read_amount(text, spoken)
        if read is not None and read < lowest:
            raise CellMistake("below_minimum")
        st.session_state[key] = read
        st.session_state[f"{key}_unread"] = ""
        if text.strip():
            st.caption(_("Read as {amount}", amount=_exact(st.session_state[key])))
    except CellMistake as mistake:
        st.session_state[f"{key}_unread"] = text
        st.error(_what_is_wrong(mistake.rule, lowest, spoken, st.session_state[key]), icon=":material/edit:")
    if parameter:
        _keep_in_url(parameter, st.session_state[key], value)
    return st.session_state[key]


def _from_url(parameter: str, lowest: float) -> float | None:
    """The amount that the URL asks for, where it is one."""
    try:
        asked = float(st.query_params.get(parameter, ""))
    except ValueError:
        return None
    return asked if math.isfinite(asked) and asked >= lowest else None


def _keep_in_url(parameter: str, now: float | None, at_first: float | None) -> None:
    """Another amount than the first stands in the URL."""
    if now is None or now == at_first:
        st.query_params.pop(parameter, None)
    elif st.query_params.get(parameter) != f"{now:.15g}":
        st.query_params[parameter] = f"{now:.15g}"


def _what_is_wrong(rule: str, lowest: float, spoken: str, used: float | None) -> str:
    """What to type instead, and which amount is used until then."""
    if rule == "below_minimum":
        text = _("This cannot be less than {lowest}.", lowest=_exact(lowest))
    elif rule == "ambiguous_number":
        text = _(
            "This can be read in two ways. Type it without a sign for thousands, for example {example}.",
            example=typed_amount(2345.75, spoken),
        )
    else:
        text = _("This is not an amount. Type for example {example}.", example=typed_amount(2345.75, spoken))
    return text + " " + _("For now {amount} is used.", amount=_("no amount") if used is None else _exact(used))


def _exact(value: float | None) -> str:
    """With cents where there are any."""
    return amount(value, 0 if value is None or value == int(value) else 2)
