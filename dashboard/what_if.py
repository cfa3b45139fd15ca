"""What if: the few figures that one may move while looking, kept in the session and in the URL.

Only what differs from the workbook is kept. A slider has words for its steps, in the app's notation, so it is a
select slider; a step is kept as it stands in the URL, such as `3.25` for a rate of 3,25%.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.money import money_input, read_amount, typed_amount
from dashboard.notation import MISSING, amount, number, percent
from dashboard.wording import _, n_
from intake.cells import CellMistake
from valuation.case import Assumptions, Case
from valuation.discounting import Rate
from valuation.explain import price_steps

UNKNOWN = "onbekend"
"""What the URL says of a price that is left open."""
STEPPED = "stappen"
"""The slider position of a workbook whose discount rate has steps."""
KEPT = "what_if"


@dataclass(frozen=True)
class Slider:
    """One figure that can be moved, apart from the price.

    Parameters
    ----------
    parameter : str
        Name in the URL.
    grid : tuple of str
        The steps, as the URL writes them.
    lowest, highest : Decimal
        What a URL may ask for.
    """

    parameter: str
    grid: tuple[str, ...]
    lowest: Decimal
    highest: Decimal


def _steps(last: str, step: str, first: str = "0") -> tuple[str, ...]:
    count = int((Decimal(last) - Decimal(first)) / Decimal(step))
    return tuple(_short(Decimal(first) + place * Decimal(step)) for place in range(count + 1))


def _short(figure: Decimal) -> str:
    """Digits without zeros at the end and without an exponent."""
    return f"{figure:f}".rstrip("0").rstrip(".") if "." in f"{figure:f}" else f"{figure:f}"


DISCOUNT = Slider(state.DISCOUNT, _steps("6", "0.25"), Decimal(0), Decimal(20))
HORIZON = Slider(state.HORIZON, _steps("60", "5", "5"), Decimal(1), Decimal(150))
SHARE = Slider(state.SHARE, _steps("100", "5"), Decimal(0), Decimal(100))
SLIDERS = (DISCOUNT, HORIZON, SHARE)


def start(asset_id: str) -> None:
    """Take over what the URL asks for, once a session; forget what was moved when another workbook is open.

    Parameters
    ----------
    asset_id : str
        The object in the URL: a price in the URL is that object's.
    """
    filename = state.in_use().filename
    kept = st.session_state.get(KEPT)
    if kept is None:
        st.session_state[KEPT] = {"of": filename, "moved": _from_url(), "prices": _price_from_url(asset_id)}
    elif kept["of"] != filename:
        st.session_state[KEPT] = {"of": filename, "moved": {}, "prices": {}}


def _from_url() -> dict[str, str]:
    asked = {slider.parameter: _valid(slider, st.query_params.get(slider.parameter)) for slider in SLIDERS}
    return {parameter: text for parameter, text in asked.items() if text is not None}


def _valid(slider: Slider, text: str | None) -> str | None:
    """The figure in the URL as a step; nothing when it is no figure or out of bounds."""
    try:
        figure = Decimal(text or "")
    except InvalidOperation:
        return None
    if not figure.is_finite() or not slider.lowest <= figure <= slider.highest:
        return None
    if slider is HORIZON and figure != int(figure):
        return None
    return _short(figure)


def _price_from_url(asset_id: str) -> dict[str, float | None]:
    text = st.query_params.get(state.PRICE)
    if text is None:
        return {}
    if text == UNKNOWN:
        return {asset_id: None}
    try:
        price = read_amount(text, "en")
    except CellMistake:
        return {}
    return {} if price is None or price < 0 else {asset_id: price}


def in_workbook(assumptions: Assumptions) -> dict[str, str]:
    """Each slider's step that is the workbook's own figure."""
    rate = assumptions.discount_rate
    return {
        DISCOUNT.parameter: STEPPED if isinstance(rate, tuple) else _percent_text(rate),
        HORIZON.parameter: str(assumptions.horizon_years),
        SHARE.parameter: _percent_text(assumptions.social_value_share),
    }


def _percent_text(share: float) -> str:
    return _short(Decimal(repr(share)) * 100)


def price_in_workbook(case: Case, asset_id: str) -> float | None:
    """The proposed price of the workbook; nothing when it is not known."""
    price = float(case.assets["proposed_price_eur"].iat[case.assets["asset_id"].tolist().index(asset_id)])
    return None if math.isnan(price) else price


def moved() -> dict[str, str]:
    """The sliders that differ from the workbook: URL parameter to step."""
    return st.session_state[KEPT]["moved"]


def price(case: Case, asset_id: str) -> float | None:
    """The proposed price as it stands now."""
    return _prices().get(asset_id, price_in_workbook(case, asset_id))


def changed_case(case: Case, asset_id: str) -> Case:
    """The case as it stands now, with everything that was moved; the workbook's own when nothing was."""
    assumptions = {
        name: value for parameter, text in moved().items() for name, value in _changes(parameter, text).items()
    }
    now, before = price(case, asset_id), price_in_workbook(case, asset_id)
    if not assumptions and now == before:
        return case
    key = (tuple(sorted(assumptions.items())), asset_id, now)

    def change(original: Case) -> Case:
        other = original.with_assumptions(**assumptions)
        return (
            other if now == before else other.with_asset(asset_id, proposed_price_eur=math.nan if now is None else now)
        )

    return state.varied(case, key, change)


def _changes(parameter: str, text: str) -> dict[str, Any]:
    """The assumptions that one slider step stands for."""
    if parameter == HORIZON.parameter:
        return {"horizon_years": int(text)}
    share = float(Decimal(text) / 100)
    if parameter == SHARE.parameter:
        return {"social_value_share": share}
    return {"discount_rate": share} | ({"municipal_discount_rate": share} if municipal_rate_follows() else {})


def municipal_rate_follows() -> bool:
    """Whether the municipality's rate is the discount rate because the workbook leaves it open."""
    defaults = state.in_use().intake.defaults_used
    return bool(((defaults["table"] == "assumptions") & (defaults["key"] == "municipal_discount_rate")).any())


def differences(case: Case, asset_id: str) -> list[str]:
    """What differs from the workbook, in words."""
    own = in_workbook(case.assumptions)
    found = [
        _(
            "{figure}: {now} (workbook: {before})",
            figure=slider_name(parameter),
            now=step_name(parameter, text),
            before=step_name(parameter, own[parameter]),
        )
        for parameter, text in moved().items()
    ]
    now, before = price(case, asset_id), price_in_workbook(case, asset_id)
    if now != before:
        found.append(
            _(
                "{figure}: {now} (workbook: {before})",
                figure=_("Proposed price"),
                now=price_name(now),
                before=price_name(before),
            )
        )
    return found


def reset(asset_id: str) -> None:
    """Back to the workbook: all sliders, and this object's price."""
    st.session_state[KEPT]["moved"] = {}
    _prices().pop(asset_id, None)
    st.session_state.pop(_price_key(asset_id), None)
    st.session_state.pop(f"{_price_key(asset_id)}_text", None)


def show_way_back(label: str, asset_id: str) -> None:
    """The button that undoes everything that was moved."""
    st.button(label, key="reset_what_if", icon=":material/undo:", on_click=reset, args=(asset_id,))


def remember_in_url(case: Case, asset_id: str) -> None:
    """Keep in the URL what was moved, and nothing else."""
    wanted: dict[str, str] = dict(moved())
    now = price(case, asset_id)
    if now != price_in_workbook(case, asset_id):
        wanted[state.PRICE] = UNKNOWN if now is None else typed_amount(now, "en")
    for parameter in (*(slider.parameter for slider in SLIDERS), state.PRICE):
        if parameter not in wanted:
            if parameter in st.query_params:
                del st.query_params[parameter]
        elif st.query_params.get(parameter) != wanted[parameter]:
            st.query_params[parameter] = wanted[parameter]


def slider_name(parameter: str) -> str:
    """The label of a slider."""
    return {
        DISCOUNT.parameter: _("Discount rate"),
        HORIZON.parameter: _("Years that count"),
        SHARE.parameter: _("Share in the price"),
    }[parameter]


def step_name(parameter: str, text: str) -> str:
    """A slider step in the app's notation."""
    if text == STEPPED:
        return _("in steps")
    if parameter == HORIZON.parameter:
        return n_("{count} year", "{count} years", int(text))
    figure = float(Decimal(text) / 100)
    return percent(figure, max(0, min(2, -Decimal(text).as_tuple().exponent)))


def price_name(value: float | None) -> str:
    """A price, or that it is open."""
    return _("unknown") if value is None else amount(value)


def show_slider(slider: Slider, case: Case, help_text: str) -> None:
    """One slider; moving it acts at once."""
    own = in_workbook(case.assumptions)[slider.parameter]
    now = moved().get(slider.parameter, own)
    steps = slider.grid
    rate: Rate = case.assumptions.discount_rate
    if slider is HORIZON and isinstance(rate, tuple) and DISCOUNT.parameter not in moved():
        steps = tuple(step for step in steps if int(step) <= rate[-1][0])
    figures = sorted({Decimal(step) for step in (*steps, own, now) if step != STEPPED})
    options = [STEPPED] * (own == STEPPED) + [_short(figure) for figure in figures]
    key = f"slider_{slider.parameter}"
    _put(key, now)

    def take() -> None:
        chosen = st.session_state[key]
        if chosen == own:
            moved().pop(slider.parameter, None)
        else:
            moved()[slider.parameter] = chosen

    st.select_slider(
        slider_name(slider.parameter),
        options,
        key=key,
        format_func={step: step_name(slider.parameter, step) for step in options}.__getitem__,
        help=help_text,
        on_change=take,
    )


def _put(key: str, value: str) -> None:
    """Set a widget's position, only where it stands elsewhere: a slider that is being moved is left alone."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _price_key(asset_id: str) -> str:
    return f"price_{asset_id}"


def show_price_field(case: Case, asset_id: str) -> None:
    """The proposed price as an exact amount. Comes before `show_price_slider`, which follows it."""
    key, own = _price_key(asset_id), price_in_workbook(case, asset_id)
    known = _prices().get(asset_id, own)
    if st.session_state.get(f"{key}_own", MISSING) != own or st.session_state.get(key, MISSING) != known:
        st.session_state[key], st.session_state[f"{key}_own"] = known, own
        st.session_state.pop(f"{key}_text", None)
    _keep_price(asset_id, money_input(_("Exact price (€)"), key, value=own, lowest=0.0), own)


def show_price_slider(case: Case, asset_id: str) -> None:
    """The proposed price as a slider, for a quick look."""
    own, now = price_in_workbook(case, asset_id), price(case, asset_id)
    key = f"slider_{state.PRICE}_{asset_id}"
    steps = {*price_steps(case, asset_id), *(figure for figure in (own, now) if figure is not None)}
    _put(key, _price_text(now))

    def take() -> None:
        chosen = st.session_state[key]
        _keep_price(asset_id, None if chosen == UNKNOWN else float(chosen), own)

    names = {UNKNOWN: price_name(None)} | {_price_text(step): price_name(step) for step in sorted(steps)}
    st.select_slider(
        _("Proposed price"),
        list(names),
        key=key,
        format_func=names.__getitem__,
        help=_("What the initiative would pay. The price moves money, and never changes the social value."),
        on_change=take,
    )


def _prices() -> dict[str, float | None]:
    """The proposed prices that differ from the workbook, by object."""
    return st.session_state[KEPT]["prices"]


def _price_text(value: float | None) -> str:
    return UNKNOWN if value is None else repr(float(value))


def _keep_price(asset_id: str, now: float | None, own: float | None) -> None:
    if now == own:
        _prices().pop(asset_id, None)
    else:
        _prices()[asset_id] = now


def rates_name(assumptions: Assumptions) -> str:
    """The discount rate, and beside it the municipality's own where that is another."""
    society, own = assumptions.discount_rate, assumptions.municipal_discount_rate
    if own == society:
        return rate_name(society)
    return _("{rate} (the municipality’s purse: {own})", rate=rate_name(society), own=rate_name(own))


def rate_name(rate: Rate) -> str:
    """A rate in words: one, or its steps."""
    if not isinstance(rate, tuple):
        return percent(rate, 2)
    firsts = [0, *(last + 1 for last, _rate in rate[:-1])]
    return "; ".join(
        f"{number(first)}–{number(last)}: {percent(step, 2)}" for first, (last, step) in zip(firsts, rate, strict=True)
    )
