"""The arrangements about a price as a list of rows, asked with the same engine as the questions."""

from __future__ import annotations

from dashboard.business_case.questions import Field, RowKind, Rows
from dashboard.notation import number as figure
from dashboard.notation import percent
from dashboard.wording import _


def _field(column: str, label: str, example: str, explanation: str = "") -> Field:
    return Field("price_terms", column, label, example, explanation)


def price_terms() -> Rows:
    """What can be agreed beside the price that is paid on transfer."""
    in_years = _("After how many years?")
    index = _field(
        "indexation_rate", _("Rises each year by (%)"), percent(0.02), _("Empty: the amount stays as it is.")
    )
    kinds = (
        (
            "deferred_payment",
            _("Pay a part later"),
            _("A part of the price that you pay after some years."),
            (_field("amount_eur", _("Amount (€)"), figure(50_000)), _field("year", in_years, "5"), index),
        ),
        (
            "profit_share",
            _("Share the profit on resale"),
            _("If you ever sell it, the municipality gets a part of the profit."),
            (
                _field("share", _("Part for the municipality (%)"), percent(0.5)),
                _field(
                    "year",
                    _("Suppose that you sell after how many years?"),
                    "10",
                    _("Leave both empty if you do not know: then it stands as p.m."),
                ),
                _field("amount_eur", _("And suppose for how much? (€)"), figure(500_000)),
            ),
        ),
        (
            "buy_back",
            _("The municipality may buy it back"),
            _("At an agreed price, when you stop."),
            (
                _field("year", _("Suppose after how many years?"), "10"),
                _field("amount_eur", _("At which price? (€)"), figure(250_000)),
                index,
            ),
        ),
        (
            "review",
            _("Review every few years"),
            _("Both sides look whether the promises were kept; otherwise a part of the discount is paid back."),
            (
                _field("year", _("Every how many years?"), "5"),
                _field(
                    "amount_eur",
                    _("How much can be clawed back at first? (€)"),
                    figure(100_000),
                    _("Empty: the discount on the market value."),
                ),
                _field(
                    "share",
                    _("What part lapses each year? (%)"),
                    percent(0.1),
                    _("Empty: equal parts over the years of the plan."),
                ),
            ),
        ),
    )
    return Rows(
        "price_terms",
        tuple(RowKind(key, label, {"arrangement": key}, why=why, fields=fields) for key, label, why, fields in kinds),
        add=_("What do you talk about?"),
        empty=_("Nothing yet."),
    )
