"""What lines, parties, prices, bounds and views are called on the screen."""

from __future__ import annotations

from dashboard.wording import _


def kind_name(kind: str, label: str | None = None) -> str:
    """What sort of line it is; a task or effect goes by its own name."""
    names = {
        "backlog_avoided": _("Overdue maintenance that the renovation solves"),
        "backlog_passed_on": _("Overdue maintenance that goes along to the initiative"),
        "transaction_cost": _("Cost of the transfer itself"),
        "operating_cost_avoided": _("Running cost that the municipality no longer has"),
        "major_maintenance_avoided": _("Major maintenance that the municipality no longer has"),
        "rent_lost": _("Rent that the municipality no longer receives"),
        "fallback_cost": _("Cost when the object comes back"),
        "terminal_value": _("What the kept object would be worth at the end"),
        "price": _("Price paid"),
        "transfer_tax": _("Transfer tax"),
        "new_user_payments": _("Worth to new users (at least what they pay)"),
        "new_user_income": _("Income from new users"),
        "other_income": _("Other income of the initiative"),
        "subsidy": _("Subsidy"),
        "facilitation": _("Support by officials"),
        "operating_cost": _("Running cost of the initiative"),
        "vat_leak": _("VAT that the initiative cannot reclaim"),
        "renovation": _("Renovation"),
        "grants": _("Grants from funds"),
        "volunteer_hours": _("Volunteer hours"),
        "book_value": _("Book value"),
        "book_value_out": _("Book value left out: past spending"),
        "social_value": _("Social value"),
    }
    if kind == "avoided_institutional_cost":
        return _("Avoided care: {task}", task=label)
    return names[kind] if kind in names else str(label)


def party_name(party: str) -> str:
    """A party or payer, in words that need no explanation; `society` is all of them together."""
    return {
        "municipality": _("Municipality"),
        "state": _("State"),
        "health_insurer": _("Health insurer (Zvw)"),
        "long_term_care": _("Long-term care (Wlz)"),
        "residents": _("Residents"),
        "initiative": _("Initiative"),
        "housing_association": _("Housing association"),
        "water_board": _("Water board"),
        "other": _("Others"),
        "society": _("Society as a whole"),
    }[party]


def rung_name(rung: str) -> str:
    """A price of the ladder (`valuation.explain.LADDER`)."""
    return {
        "reservation_price_eur": _("Municipality no worse off than keeping, from"),
        "reservation_price_against_sale_eur": _("Municipality no worse off than selling, from"),
        "proposed_price_eur": _("Proposed price"),
        "social_price_eur": _("Price by the council’s rule"),
        "book_value_eur": _("Book value"),
        "market_value_eur": _("Market value"),
        "ceiling_price_eur": _("Highest price that the initiative can carry"),
    }[rung]


def price_mark_name(mark: str) -> str:
    """A price in the talks (`valuation.price_talks.PriceTalks.marks`), or the one that is asked about."""
    return {
        "reservation": _("Municipality no worse off, from"),
        "social": _("Price by the council’s rule"),
        "proposed": _("Price on the table"),
        "ceiling": _("Highest price you can carry"),
        "market": _("Market value"),
        "asked": _("The price of the slider"),
    }[mark]


def value_name(value: str) -> str:
    """One of the four values, or the discount (`valuation.explain.four_values`)."""
    return {
        "book_value_eur": _("Book value"),
        "market_value_eur": _("Market value"),
        "capitalised_rent_eur": _("Cost-covering rent, all years together"),
        "social_value_eur": _("Social value"),
        "discount_eur": _("Discount that is asked for"),
    }[value]


def value_meaning(value: str) -> str:
    """What one of the four values says."""
    return {
        "book_value_eur": _("what has not been depreciated yet"),
        "market_value_eur": _("what a buyer would pay now"),
        "capitalised_rent_eur": _("what a tenant would have to pay for the municipality to break even"),
        "social_value_eur": _("what everyone together gains by the transfer"),
        "discount_eur": _("market value less the proposed price"),
    }[value]


def bound_text(bound: str | None) -> str:
    """Which bound of the council's rule holds."""
    return {
        "market": _("The market value holds: nothing is deducted for social value."),
        "share": _("The share holds: the market value less the part of the social value that the council lets count."),
        "floor": _("The price floor holds: without it the rule would come out lower."),
        None: _("Without an initiative the rule gives no price."),
    }[bound]


def view_name(view: str) -> str:
    """How a line counts for society (`view` of `valuation.explain.line_table`)."""
    return {
        "benefit": _("Benefits"),
        "cost": _("Costs"),
        "transfer": _("Transfers from one to the other"),
        "shown": _("Shown, not counted"),
    }[view]


def view_meaning(view: str) -> str:
    """What the lines of a view have in common."""
    return {
        "benefit": _("These make up the social benefits."),
        "cost": _("These make up the social costs."),
        "transfer": _(
            "What one pays, another gets. For society these cancel out; the municipality counts its own part."
        ),
        "shown": _("Computed so that you can see it, but part of no total."),
    }[view]


def basis_name(basis: str) -> str:
    """How sure a reference figure is."""
    return {
        "official": _("official"),
        "measured": _("measured"),
        "published": _("published"),
        "derived": _("derived"),
        "assumption": _("assumption"),
    }[basis]


def lever_text(lever: str, amount: str) -> str:
    """One way to close the gap (`valuation.explain.gap_levers`)."""
    return {
        "funds": _(
            "{amount} more own money or grants at the start, or a renovation that is so much cheaper",
            amount=amount,
        ),
        "yearly_result": _(
            "{amount} a year more income or lower cost at the initiative; a larger loan pays the rest",
            amount=amount,
        ),
        "cashable_savings": _(
            "{amount} a year more savings that the municipality really sees in its budget", amount=amount
        ),
        "sale_restriction": _(
            "A public clause that restricts resale: the transfer tax is then on the price. That closes {amount}",
            amount=amount,
        ),
        "contribution": _(
            "The council knowingly adds {amount}: it then accepts a price at which it is worse off",
            amount=amount,
        ),
    }[lever]
