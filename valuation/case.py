"""The tables of a case, declared once.

From this one declaration come validation, the template, the help texts, the editor's columns and the
documentation. A `Case` is what the other rooms compute with: validated tables in code names, every figure a
plain number in the unit that its name says (euros, fractions, years, square metres).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from valuation.reference import ReferenceData

Kind = Literal[
    "text",
    "identifier",
    "amount",
    "number",
    "fraction",
    "degrees",
    "integer",
    "year",
    "choice",
    "yes_no",
    "take_up",
    "steps",
    "cell",
]
"""How a cell is read: `identifier` is text that keeps its zeros (0.10 is not 0.1), `amount` is euros, `fraction`
is a rate or share as a fraction of one, `degrees` a place on earth, `take_up` is a list of fractions, `steps` a rate or a stepped rate, `cell` is
whatever the column that the row names declares."""


@dataclass(frozen=True)
class Choice:
    """One allowed word of a column: the code's word, the Dutch word, and what else people write."""

    key: str
    nl: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of a sheet (or one key of the assumptions).

    Parameters
    ----------
    key, header : str
        Name in code (and in English workbooks) and Dutch header. The key ends in its unit.
    kind : Kind
        How a cell is read.
    meaning_nl, meaning_en : str
        One sentence for help, template and documentation.
    required : bool
        An empty cell is an error.
    default : float | str | bool | None
        What an empty cell means. `None` is "unknown", never zero.
    default_key : str | None
        Row of `datasets/assumption_defaults.csv` that holds the default, for figures that somebody chose.
    default_text_nl, default_text_en : str
        The default in words, where it is computed from other cells.
    minimum, maximum : float | None
        Bounds that the value may equal.
    choices : tuple of Choice
        Allowed words of a `choice` column.
    or_price : bool
        The cell may hold a price code in place of an amount.
    """

    key: str
    header: str
    kind: Kind
    meaning_nl: str
    meaning_en: str
    required: bool = False
    default: float | str | bool | None = None
    default_key: str | None = None
    default_text_nl: str = ""
    default_text_en: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    or_price: bool = False


@dataclass(frozen=True)
class Table:
    """One sheet: its code name, its names in the workbook, what a row is, and its columns in order.

    A sheet with a `common_name` is one that people have of their own, such as Exploitatie; it counts as ours only with
    the columns that belong to it.
    """

    key: str
    sheet_nl: str
    sheet_en: str
    row_nl: str
    row_en: str
    columns: tuple[Column, ...]
    common_name: bool = False

    def column(self, key: str) -> Column:
        """The declared column with this code name; a `KeyError` where there is none."""
        return {column.key: column for column in self.columns}[key]


PARTIES = (
    Choice("municipality", "gemeente", "municipality"),
    Choice("state", "rijk", "state"),
    Choice("health_insurer", "zvw", "health insurer", ("zorgverzekeraar", "zorgverzekeringswet")),
    Choice("long_term_care", "wlz", "long-term care", ("zorgkantoor", "langdurige zorg")),
    Choice("residents", "bewoners", "residents", ("inwoners",)),
    Choice("initiative", "initiatief", "initiative"),
    Choice("housing_association", "corporatie", "housing association", ("woningcorporatie",)),
    Choice("water_board", "waterschap", "water board"),
    Choice("other", "overig", "other", ("overige",)),
)
TIMINGS = (
    Choice("end", "eind", "end"),
    Choice("mid", "midden", "mid"),
    Choice("start", "begin", "start"),
)
KINDS = (Choice("building", "gebouw", "building"), Choice("green", "groen", "green"))
DEPRECIATION_METHODS = (
    Choice("linear", "lineair", "linear"),
    Choice("annuity", "annuïtair", "annuity", ("annuitair", "annuiteit", "annuïteit")),
    Choice("none", "geen", "none"),
)
DIRECTIONS = (Choice("benefit", "baat", "benefit"), Choice("cost", "last", "cost"))
STAGES = (
    Choice("idea", "idee", "idea", ("plan",)),
    Choice("starting", "opstart", "starting", ("start", "in oprichting")),
    Choice("running", "lopend", "running", ("actief", "loopt")),
    Choice("ended", "gestopt", "ended", ("afgerond", "beëindigd")),
)
NEED_READINGS = (
    Choice("low_is_need", "laag is meer behoefte", "low is more need", ("laag", "low")),
    Choice("high_is_need", "hoog is meer behoefte", "high is more need", ("hoog", "high")),
)
QUALITY_KINDS = (
    Choice("co_creation", "co-creatie", "co-creation", ("cocreatie", "samen maken")),
    Choice("own_strength", "eigen kracht", "own strength"),
    Choice("cooperation", "horizontale samenwerking", "horizontal cooperation", ("samenwerking", "cooperation")),
    Choice("reach_of_need", "bereik van wie het nodig heeft", "reach among people in need", ("bereik",)),
    Choice("ownership", "eigenaarschap", "ownership", ("zeggenschap",)),
    Choice("other", "anders", "other", ("overig",)),
)
SCENARIO_SHEETS = (
    Choice("assumptions", "Uitgangspunten", "assumptions"),
    Choice("prices", "Prijzen", "prices", ("prijscodes",)),
    Choice("assets", "Objecten", "assets"),
    Choice("initiatives", "Initiatieven", "initiatives"),
    Choice("tasks", "Taken", "tasks"),
    Choice("effects", "Effecten", "effects"),
    Choice("operations", "Exploitatie", "operations"),
    Choice("financing", "Financiering", "financing"),
)
FORMS = (
    Choice("sell", "sluiten en verkopen", "close and sell", ("sluiten", "afstoten")),
    Choice("sale", "overdracht door verkoop", "transfer by sale", ("verkoop", "sale", "overdracht")),
    Choice("lease", "verhuur", "lease", ("huur", "verhuren", "rent")),
    Choice("ground_lease", "erfpacht", "ground lease"),
    Choice("loan_for_use", "bruikleen", "free loan for use", ("loan for use",)),
    Choice("other_operator", "andere uitvoerder", "another operator", ("professionele uitvoerder", "operator")),
)
USED_BY_FORMS = {
    "payment_eur_per_year": frozenset({"lease", "ground_lease"}),
    "premium_eur": frozenset({"ground_lease"}),
    "land_value_eur": frozenset({"ground_lease"}),
    "major_maintenance_by": frozenset({"lease", "ground_lease", "loan_for_use", "other_operator"}),
    "operator_subsidy_eur_per_year": frozenset({"other_operator"}),
    "operator_cost_eur_per_year": frozenset({"other_operator"}),
    "effect_share": frozenset({"other_operator"}),
}
"""Which forms use which column of the sheet Alternatieven; the others may be filled in for every form."""
MAINTAINERS = (
    Choice("municipality", "gemeente", "municipality", ("eigenaar", "owner")),
    Choice("user", "gebruiker", "user", ("initiatief", "huurder", "erfpachter", "uitvoerder", "tenant")),
)
ITEM_KINDS = (
    Choice("hall_hire", "zaalverhuur", "hall hire", ("zaalhuur", "verhuur zalen")),
    Choice("tenants", "vaste huurders", "tenants", ("huurders", "vaste huur")),
    Choice("catering", "horeca", "catering"),
    Choice("activities", "activiteiten", "activities"),
    Choice("subsidy", "subsidie gemeente", "subsidy", ("subsidie", "gemeentesubsidie")),
    Choice("funds", "fondsen en giften", "funds and gifts", ("fondsen", "giften", "donaties", "funds")),
    Choice("energy_income", "energieopbrengst", "energy income", ("zonnestroom", "opbrengst zonnepanelen")),
    Choice("other_income", "overige inkomsten", "other income", ("overige opbrengsten",)),
    Choice("major_maintenance", "groot onderhoud", "major maintenance"),
    Choice("daily_maintenance", "dagelijks onderhoud", "daily maintenance", ("klein onderhoud",)),
    Choice("energy", "energie", "energy", ("energie en water",)),
    Choice("cleaning", "schoonmaak", "cleaning"),
    Choice("insurance", "verzekering", "insurance", ("verzekeringen",)),
    Choice("property_taxes", "OZB en waterschap", "property taxes", ("ozb", "heffingen", "belastingen")),
    Choice("management", "beheer", "management", ("beheerder", "personeel")),
    Choice("purchases", "inkoop", "purchases", ("inkoop horeca",)),
    Choice("vat_leak", "btw-lek", "VAT leak", ("niet-verrekenbare btw", "btw", "VAT that cannot be reclaimed")),
    Choice("replacement_reserve", "reservering", "replacement reserve", ("reservering vervanging",)),
    Choice("other_cost", "overige kosten", "other cost", ("other costs",)),
)
"""Excel allows 255 characters in a list to choose from, so the longest words have a short form."""
INCOME_KINDS = (
    "hall_hire",
    "tenants",
    "catering",
    "activities",
    "subsidy",
    "funds",
    "energy_income",
    "other_income",
)
COST_KINDS = tuple(choice.key for choice in ITEM_KINDS if choice.key not in INCOME_KINDS)
FUNDING_KINDS = (
    Choice("own_funds", "eigen middelen", "own funds", ("eigen geld", "eigen vermogen")),
    Choice("grant", "fonds", "grant", ("fondsen", "subsidie", "gift")),
    Choice("crowdfunding", "crowdfunding", "crowdfunding"),
    Choice("bank_loan", "banklening", "bank loan", ("bank", "hypotheek")),
    Choice("municipal_loan", "gemeentelening", "municipal loan", ("lening gemeente",)),
    Choice("other", "overig", "other", ("anders",)),
)
LOAN_KINDS = ("bank_loan", "municipal_loan")
"""Sources that are always a loan; of the others a row with a term is one."""
REPAYMENTS = (
    Choice("linear", "lineair", "linear"),
    Choice("annuity", "annuïtair", "annuity", ("annuitair", "annuiteit", "annuïteit")),
)
ARRANGEMENTS = (
    Choice("deferred_payment", "uitgestelde betaling", "deferred payment", ("later betalen", "termijn")),
    Choice("profit_share", "winstdeling bij doorverkoop", "profit share on resale", ("winstdeling", "profit share")),
    Choice("buy_back", "terugkooprecht", "buy-back right", ("terugkoop", "buy back")),
    Choice("review", "herijking", "review", ("evaluatie", "terugvordering", "claw-back")),
)
USED_BY_ARRANGEMENTS = {
    "year": frozenset({"deferred_payment", "profit_share", "buy_back", "review"}),
    "amount_eur": frozenset({"deferred_payment", "profit_share", "buy_back", "review"}),
    "share": frozenset({"profit_share", "review"}),
    "indexation_rate": frozenset({"deferred_payment", "profit_share", "buy_back"}),
}
"""Which arrangements use which column of the sheet Prijsafspraken."""
EVIDENCE_GRADES = tuple(Choice(grade, grade, grade) for grade in "ABCDE")
DISTRIBUTIONS = (
    Choice("triangular", "driehoek", "triangular"),
    Choice("pert", "pert", "pert"),
    Choice("uniform", "uniform", "uniform"),
    Choice("lognormal", "lognormaal", "lognormal"),
)

NOTE = Column("note", "Toelichting", "text", "Uw eigen toelichting of bron.", "Your own note or source.")
UNCERTAINTY = (
    Column("low", "Laag", "number", "Lage waarde die nog denkbaar is.", "Low value that is still conceivable."),
    Column("high", "Hoog", "number", "Hoge waarde die nog denkbaar is.", "High value that is still conceivable."),
    Column(
        "distribution",
        "Verdeling",
        "choice",
        "Vorm van de onzekerheid tussen laag en hoog.",
        "Shape of the uncertainty between low and high.",
        default="triangular",
        choices=DISTRIBUTIONS,
    ),
)


def _amount(key: str, header: str, meaning_nl: str, meaning_en: str, **rules: Any) -> Column:
    """An amount of euros: not negative and zero when empty, unless said otherwise."""
    return Column(key, header, "amount", meaning_nl, meaning_en, **{"default": 0.0, "minimum": 0.0, **rules})


def _share(key: str, header: str, meaning_nl: str, meaning_en: str, **rules: Any) -> Column:
    """A share of one: between 0 and 1."""
    return Column(key, header, "fraction", meaning_nl, meaning_en, **{"minimum": 0.0, "maximum": 1.0, **rules})


ASSUMPTIONS = Table(
    "assumptions",
    "Uitgangspunten",
    "assumptions",
    "een uitgangspunt",
    "an assumption",
    (
        Column("municipality", "Gemeente", "text", "Naam van de gemeente.", "Name of the municipality.", required=True),
        Column(
            "base_year",
            "Basisjaar",
            "year",
            "Jaar van de overdracht; jaar 0 is 1 januari van dit jaar.",
            "Year of the transfer; year 0 is 1 January of this year.",
            required=True,
            minimum=1900,
            maximum=2200,
        ),
        Column(
            "price_year",
            "Prijspeil",
            "year",
            "Jaar waarin alle bedragen zijn uitgedrukt; referentieprijzen worden hierheen omgerekend.",
            "Year in whose prices all amounts stand; reference prices are converted to it.",
            default_text_nl="laatste jaar van de prijsindex",
            default_text_en="latest year of the price index",
            minimum=1900,
            maximum=2200,
        ),
        Column(
            "discount_rate",
            "Discontovoet",
            "steps",
            "Reële discontovoet van de maatschappelijke kijk; ook in stappen: 0-30: 3,5%; 31-75: 3%.",
            "Real discount rate of the society view; also in steps: 0-30: 3.5%; 31-75: 3%.",
            default_key="discount_rate",
            minimum=0.0,
            maximum=0.5,
        ),
        Column(
            "municipal_discount_rate",
            "Rekenrente gemeente",
            "steps",
            "Discontovoet voor de kasstroom van de gemeente.",
            "Discount rate for the municipality's cash.",
            default_text_nl="gelijk aan de discontovoet",
            default_text_en="equal to the discount rate",
            minimum=0.0,
            maximum=0.5,
        ),
        Column(
            "horizon_years",
            "Zichtperiode",
            "integer",
            "Aantal jaren dat meetelt.",
            "Number of years that count.",
            default_key="horizon_years",
            minimum=1,
            maximum=150,
        ),
        Column(
            "timing",
            "Betaalmoment",
            "choice",
            "Wanneer in het jaar de bedragen vallen.",
            "When in the year the amounts fall.",
            default_key="timing",
            choices=TIMINGS,
        ),
        Column(
            "internal_interest_rate",
            "Omslagrente",
            "fraction",
            "Rente over de boekwaarde in de kapitaallasten.",
            "Interest on book value in the capital charges.",
            default_key="internal_interest_rate",
            minimum=0.0,
            maximum=0.5,
        ),
        _share(
            "social_value_share",
            "Aandeel maatschappelijke waarde",
            "Deel van de maatschappelijke waarde dat de raad laat meetellen in de prijs.",
            "Share of the social value that the council lets count in the price.",
            default_key="social_value_share",
        ),
        _amount(
            "price_floor",
            "Bodemprijs",
            "Laagste prijs volgens de raadsregel, in euro.",
            "Lowest price by the council's rule, in euros.",
            default=None,
            default_key="price_floor",
        ),
        _amount(
            "official_hourly_rate",
            "Uurtarief ambtenaar",
            "Kosten van een ambtelijk uur begeleiding, in euro.",
            "Cost of an official's hour of support, in euros.",
            default=None,
            default_key="official_hourly_rate",
        ),
        Column(
            "transfer_tax_rate",
            "Overdrachtsbelasting",
            "fraction",
            "Tarief van de overdrachtsbelasting.",
            "Rate of the transfer tax.",
            default_key="transfer_tax_rate",
            minimum=0.0,
            maximum=0.5,
        ),
        Column(
            "count_volunteer_hours",
            "Vrijwilligersuren meetellen",
            "yes_no",
            "Tellen vrijwilligersuren mee als kosten?",
            "Do volunteer hours count as costs?",
            default_key="count_volunteer_hours",
        ),
        _amount(
            "volunteer_hour_value",
            "Waarde vrijwilligersuur",
            "Waarde van een vrijwilligersuur, in euro.",
            "Value of a volunteer hour, in euros.",
            default=None,
            default_text_nl="referentieprijs volunteer_hour_replacement",
            default_text_en="reference price volunteer_hour_replacement",
        ),
    ),
)

ASSETS = Table(
    "assets",
    "Objecten",
    "assets",
    "een gebouw of groengebied",
    "a building or green space",
    (
        Column(
            "asset_id", "Objectnummer", "identifier", "Nummer van het object.", "Number of the object.", required=True
        ),
        Column("name", "Naam", "text", "Naam van het object.", "Name of the object.", required=True),
        Column("kind", "Soort", "choice", "Gebouw of groen.", "Building or green.", required=True, choices=KINDS),
        Column("neighbourhood", "Buurt", "text", "Buurt of wijk.", "Neighbourhood."),
        Column(
            "area_m2", "Oppervlakte (m²)", "number", "Vloer- of terreinoppervlakte.", "Floor or site area.", minimum=0.0
        ),
        Column("task_field", "Taakveld", "identifier", "Iv3-taakveld, als tekst.", "Iv3 task field, as text."),
        _amount(
            "acquisition_cost_eur",
            "Aanschafwaarde (€)",
            "Verkrijgings- of vervaardigingsprijs, zonder grond.",
            "Purchase or construction cost, without land.",
        ),
        _amount(
            "third_party_contributions_eur",
            "Bijdragen derden (€)",
            "Bijdragen van derden die op de aanschafwaarde zijn afgetrokken.",
            "Contributions of third parties deducted from the acquisition cost.",
        ),
        _amount(
            "write_down_eur",
            "Afwaardering (€)",
            "Het deel van een afwaardering dat nu nog in de boekwaarde zit.",
            "The part of a write-down that is still in the book value.",
        ),
        _amount(
            "land_book_value_eur",
            "Boekwaarde grond (€)",
            "Boekwaarde van de grond; op grond wordt niet afgeschreven.",
            "Book value of the land; land is not depreciated.",
        ),
        Column(
            "in_service_year",
            "Jaar ingebruikname",
            "year",
            "Jaar van ingebruikname; de afschrijving begint het jaar erna.",
            "Year of taking into service; depreciation starts the year after.",
        ),
        Column(
            "useful_life_years",
            "Afschrijvingstermijn (jaar)",
            "integer",
            "Aantal jaren waarin wordt afgeschreven.",
            "Number of years of depreciation.",
            minimum=1,
            maximum=200,
        ),
        _amount(
            "residual_value_eur",
            "Restwaarde (€)",
            "Waarde die na de afschrijving in de boeken blijft, zonder grond.",
            "Value that stays in the books after depreciation, without land.",
        ),
        Column(
            "depreciation_method",
            "Afschrijvingsmethode",
            "choice",
            "Lineair, annuïtair of geen.",
            "Linear, annuity or none.",
            choices=DEPRECIATION_METHODS,
        ),
        _amount(
            "book_value_eur",
            "Boekwaarde (€)",
            "Totale boekwaarde op 1 januari van het basisjaar, grond inbegrepen; gaat voor op de berekende.",
            "Total book value on 1 January of the base year, land included; wins over the computed one.",
            default=None,
            default_text_nl="berekend uit aanschafwaarde, jaar, termijn en methode",
            default_text_en="computed from acquisition cost, year, life and method",
        ),
        _amount(
            "market_value_eur",
            "Marktwaarde (€)",
            "Waarde bij verkoop op de markt, liefst getaxeerd.",
            "Value when sold on the market, preferably appraised.",
            required=True,
            default=None,
        ),
        _amount(
            "terminal_value_eur",
            "Eindwaarde (€)",
            "Waarde van het gehouden object aan het eind van de zichtperiode.",
            "Value of the kept object at the end of the horizon.",
            default=None,
            default_text_nl="marktwaarde + achterstallig onderhoud",
            default_text_en="market value + maintenance backlog",
        ),
        _amount(
            "operating_cost_eur_per_year",
            "Exploitatielasten per jaar (€)",
            "Jaarlijkse lasten die bij overdracht echt stoppen, zonder overhead.",
            "Yearly cost that really stops on transfer, without overhead.",
        ),
        _amount(
            "major_maintenance_eur_per_year",
            "Groot onderhoud per jaar (€)",
            "Jaarlijkse last of dotatie voor groot onderhoud.",
            "Yearly cost of, or addition for, major maintenance.",
        ),
        _amount(
            "rent_income_eur_per_year",
            "Huuropbrengst per jaar (€)",
            "Huur die de gemeente nu ontvangt.",
            "Rent that the municipality receives now.",
        ),
        _amount(
            "maintenance_backlog_eur",
            "Achterstallig onderhoud (€)",
            "Eenmalige kosten om het object in goede staat te brengen.",
            "One-off cost of bringing the object into good repair.",
        ),
        _amount(
            "maintenance_provision_eur",
            "Voorziening groot onderhoud (€)",
            "Stand van de voorziening die bij overdracht vrijvalt.",
            "Balance of the provision that is released on transfer.",
        ),
        _amount(
            "transaction_cost_eur",
            "Transactiekosten (€)",
            "Eenmalige kosten van de overdracht voor de gemeente.",
            "One-off cost of the transfer for the municipality.",
        ),
        _amount(
            "fallback_cost_eur",
            "Terugvalkosten (€)",
            "Kosten als het object na afloop terugkomt bij de gemeente.",
            "Cost when the object comes back to the municipality afterwards.",
            default=None,
            default_text_nl="onbekend, als 0 gerekend",
            default_text_en="unknown, counted as 0",
        ),
        _amount(
            "proposed_price_eur",
            "Voorgestelde prijs (€)",
            "Prijs die op tafel ligt; leeg is nog onbekend.",
            "Price on the table; empty is not known yet.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        Column(
            "sale_restriction",
            "Verkoopregulerend beding",
            "yes_no",
            "Is er een publiek verkoopregulerend beding?",
            "Is there a public restriction on resale?",
            default=False,
        ),
        Column(
            "latitude",
            "Breedtegraad",
            "degrees",
            "Noorderbreedte in graden (WGS84), zoals 52,0907; alleen voor de kaart.",
            "Northern latitude in degrees (WGS84), such as 52.0907; for the map only.",
        ),
        Column(
            "longitude",
            "Lengtegraad",
            "degrees",
            "Oosterlengte in graden (WGS84), zoals 5,1214; alleen voor de kaart.",
            "Eastern longitude in degrees (WGS84), such as 5.1214; for the map only.",
        ),
        Column(
            "rd_x_m",
            "RD x (m)",
            "number",
            "Rijksdriehoekscoördinaat x in meters, in plaats van de graden; alleen voor de kaart.",
            "Dutch national grid (RD New) x in metres, in place of the degrees; for the map only.",
        ),
        Column(
            "rd_y_m",
            "RD y (m)",
            "number",
            "Rijksdriehoekscoördinaat y in meters, in plaats van de graden; alleen voor de kaart.",
            "Dutch national grid (RD New) y in metres, in place of the degrees; for the map only.",
        ),
        NOTE,
    ),
)

INITIATIVES = Table(
    "initiatives",
    "Initiatieven",
    "initiatives",
    "een initiatief",
    "an initiative",
    (
        Column(
            "initiative_id",
            "Initiatief",
            "identifier",
            "Code van het initiatief.",
            "Code of the initiative.",
            required=True,
        ),
        Column("name", "Naam", "text", "Naam van het initiatief.", "Name of the initiative.", required=True),
        Column(
            "legal_form",
            "Rechtsvorm",
            "text",
            "Bijvoorbeeld stichting of coöperatie.",
            "For instance foundation or cooperative.",
        ),
        Column("theme", "Thema", "text", "Bijvoorbeeld zorg, welzijn, groen.", "For instance care, welfare, green."),
        Column("neighbourhood", "Buurt", "text", "Buurt waar het initiatief werkt.", "Neighbourhood where it works."),
        Column(
            "asset_id",
            "Objectnummer",
            "identifier",
            "Object dat het initiatief overneemt; leeg is geen object.",
            "Object that the initiative takes over; empty is none.",
        ),
        _amount(
            "subsidy_eur_per_year", "Subsidie per jaar (€)", "Subsidie van de gemeente.", "Subsidy by the municipality."
        ),
        Column(
            "facilitation_hours_per_year",
            "Begeleidingsuren per jaar",
            "number",
            "Uren van ambtenaren voor dit initiatief.",
            "Hours of officials for this initiative.",
            default=0.0,
            minimum=0.0,
        ),
        Column(
            "volunteer_hours_per_year",
            "Vrijwilligersuren per jaar",
            "number",
            "Uren van vrijwilligers.",
            "Hours of volunteers.",
            default=0.0,
            minimum=0.0,
        ),
        _amount(
            "income_eur_per_year",
            "Inkomsten per jaar (€)",
            "Eigen inkomsten, zonder subsidie van de gemeente.",
            "Own income, without the municipal subsidy.",
        ),
        _amount(
            "new_user_income_eur_per_year",
            "Waarvan nieuwe gebruikers (€)",
            "Deel van de inkomsten dat gebruikers betalen die er eerst niet waren.",
            "Part of the income paid by users who were not there before.",
        ),
        _amount(
            "operating_cost_eur_per_year",
            "Kosten per jaar (€)",
            "Alle jaarlijkse kosten van het initiatief, het gebouw inbegrepen.",
            "All yearly cost of the initiative, the building included.",
            default=None,
            default_text_nl="som van aantal × kostprijs initiatief van de taken",
            default_text_en="sum of volume × initiative unit cost of its tasks",
        ),
        _amount(
            "vat_leak_eur_per_year",
            "Waarvan niet-verrekenbare btw (€)",
            "Btw in die kosten die het initiatief niet kan terugvragen.",
            "VAT in that cost which the initiative cannot reclaim.",
        ),
        _amount("renovation_eur", "Verbouwing (€)", "Eenmalige verbouwing in jaar 0.", "One-off renovation in year 0."),
        _amount("own_funds_eur", "Eigen middelen (€)", "Eigen geld voor de aankoop.", "Own money for the purchase."),
        _amount("grants_eur", "Fondsen (€)", "Bijdragen van fondsen.", "Contributions of funds."),
        Column(
            "loan_rate",
            "Leenrente",
            "fraction",
            "Rente van de lening (nominaal).",
            "Interest rate of the loan (nominal).",
            minimum=0.0,
            maximum=0.5,
        ),
        Column(
            "loan_term_years",
            "Looptijd lening (jaar)",
            "integer",
            "Looptijd van de lening; leeg is geen lening.",
            "Term of the loan; empty is no loan.",
            minimum=0,
            maximum=100,
        ),
        Column(
            "dscr",
            "DSCR",
            "number",
            "Hoeveel keer de kasstroom de rente en aflossing moet dekken.",
            "How many times the cash flow must cover interest and repayment.",
            default_key="dscr",
            minimum=0.01,
        ),
        Column(
            "duration_years",
            "Duur (jaar)",
            "integer",
            "Aantal jaren dat het initiatief doorgaat.",
            "Number of years that the initiative goes on.",
            required=True,
            minimum=1,
            maximum=500,
        ),
        Column(
            "stage",
            "Stadium",
            "choice",
            "Idee, opstart, lopend of gestopt.",
            "Idea, starting, running or ended.",
            choices=STAGES,
        ),
        Column(
            "procedure_hours_per_year",
            "Waarvan uren aan procedures",
            "number",
            "Deel van de vrijwilligersuren dat naar aanvragen, overleg en verantwoording gaat.",
            "Part of the volunteer hours that goes into applications, meetings and accounting for them.",
            default=0.0,
            minimum=0.0,
        ),
        Column(
            "waiting_months",
            "Wachttijd (maanden)",
            "number",
            "Maanden dat het initiatief wacht, of heeft gewacht, op een besluit van de gemeente.",
            "Months that the initiative waits, or has waited, for a decision by the municipality.",
            default=0.0,
            minimum=0.0,
        ),
        NOTE,
    ),
)

TASKS = Table(
    "tasks",
    "Taken",
    "tasks",
    "een zorg- of welzijnstaak",
    "a care or welfare task",
    (
        Column(
            "initiative_id",
            "Initiatief",
            "identifier",
            "Code van het initiatief.",
            "Code of the initiative.",
            required=True,
        ),
        Column("task", "Taak", "text", "Naam van de taak.", "Name of the task.", required=True),
        Column("price_key", "Prijscode", "identifier", "Code van de referentieprijs.", "Code of the reference price."),
        Column(
            "unit",
            "Eenheid",
            "text",
            "Eenheid van het aantal, bijvoorbeeld uur of dagdeel.",
            "Unit of the volume, for instance hour or half-day.",
        ),
        Column(
            "volume_per_year",
            "Aantal per jaar",
            "number",
            "Aantal eenheden per jaar bij volle omvang.",
            "Number of units per year at full size.",
            required=True,
            minimum=0.0,
        ),
        _share(
            "deadweight",
            "Zonder initiatief",
            "Deel dat ook zonder het initiatief was doorgegaan.",
            "Part that would go on without the initiative.",
            default=0.0,
        ),
        _share(
            "substitution_share",
            "Vervangingsaandeel",
            "Deel van de rest dat echt zorg van een instelling vervangt.",
            "Part of the rest that truly replaces institutional care.",
            required=True,
        ),
        _share(
            "cashable_share",
            "Verzilverbaar",
            "Deel van de vermeden kosten dat de betaler echt minder uitgeeft.",
            "Part of the avoided cost that the payer really spends less.",
            required=True,
        ),
        _amount(
            "institutional_unit_cost_eur",
            "Kostprijs instelling (€)",
            "Kosten per eenheid bij een instelling; of een prijscode.",
            "Cost per unit at an institution; or a price code.",
            default=None,
            default_text_nl="de referentieprijs van de prijscode",
            default_text_en="the reference price of the price code",
            or_price=True,
        ),
        _amount(
            "initiative_unit_cost_eur",
            "Kostprijs initiatief (€)",
            "Kosten per eenheid bij het initiatief.",
            "Cost per unit at the initiative.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        Column(
            "payer",
            "Betaler",
            "choice",
            "Wie de instelling betaalt.",
            "Who pays the institution.",
            required=True,
            choices=PARTIES,
        ),
        Column(
            "take_up",
            "Ingroei",
            "take_up",
            "Deel van de volle omvang per jaar, bijvoorbeeld 50%; 80%; 100%.",
            "Part of the full size per year, for instance 50%; 80%; 100%.",
            default_text_nl="100 %",
            default_text_en="100%",
        ),
        *UNCERTAINTY,
        NOTE,
    ),
)

EFFECTS = Table(
    "effects",
    "Effecten",
    "effects",
    "een baat, last of overdracht",
    "a benefit, cost or transfer",
    (
        Column(
            "owner_id",
            "Eigenaar",
            "identifier",
            "Objectnummer of code van het initiatief.",
            "Number of the object or code of the initiative.",
            required=True,
        ),
        Column("effect", "Effect", "text", "Naam van het effect.", "Name of the effect.", required=True),
        Column(
            "direction",
            "Richting",
            "choice",
            "Baat of last.",
            "Benefit or cost.",
            default="benefit",
            choices=DIRECTIONS,
        ),
        Column(
            "party",
            "Partij",
            "choice",
            "Wie de baat krijgt of de last draagt.",
            "Who gains or bears it.",
            required=True,
            choices=PARTIES,
        ),
        Column(
            "counterparty",
            "Tegenpartij",
            "choice",
            "Alleen bij een overdracht: wie het tegengestelde bedrag heeft.",
            "Only for a transfer: who has the opposite amount.",
            choices=PARTIES,
        ),
        Column(
            "quantity",
            "Aantal",
            "number",
            "Aantal eenheden per jaar.",
            "Number of units per year.",
            required=True,
            minimum=0.0,
        ),
        Column("unit", "Eenheid", "text", "Eenheid van het aantal.", "Unit of the quantity."),
        Column("price_key", "Prijscode", "identifier", "Code van de referentieprijs.", "Code of the reference price."),
        _amount(
            "unit_value_eur",
            "Waarde per eenheid (€)",
            "Waarde van een eenheid; leeg zonder prijscode is p.m.",
            "Value of one unit; empty without a price code is p.m.",
            default=None,
            default_text_nl="de referentieprijs van de prijscode; zonder prijscode p.m.",
            default_text_en="the reference price of the price code; without one p.m.",
            or_price=True,
        ),
        _share(
            "deadweight",
            "Zonder initiatief",
            "Deel dat ook zonder het initiatief was gebeurd.",
            "Part that would have happened anyway.",
            default=0.0,
        ),
        _share(
            "displacement", "Verdringing", "Deel dat elders verloren gaat.", "Part that is lost elsewhere.", default=0.0
        ),
        _share(
            "attribution",
            "Aandeel anderen",
            "Deel van de verdienste dat van anderen is.",
            "Part of the credit that belongs to others.",
            default=0.0,
        ),
        _share(
            "drop_off",
            "Uitdoving",
            "Deel dat elk volgend jaar wegvalt.",
            "Part that falls away each following year.",
            default=0.0,
        ),
        Column(
            "start_year",
            "Startjaar",
            "integer",
            "Eerste jaar van het effect; 0 is de overdracht.",
            "First year of the effect; 0 is the transfer.",
            default=1,
            minimum=0,
            maximum=150,
        ),
        Column(
            "duration_years",
            "Duur (jaar)",
            "integer",
            "Aantal jaren dat het effect duurt.",
            "Number of years that the effect lasts.",
            minimum=1,
            maximum=500,
            default_text_nl="tot en met het laatste jaar van de eigenaar",
            default_text_en="to the owner's last active year",
        ),
        Column(
            "real_growth",
            "Reële groei",
            "fraction",
            "Jaarlijkse groei boven de inflatie.",
            "Yearly growth above inflation.",
            default=0.0,
            minimum=-0.5,
            maximum=0.5,
        ),
        Column(
            "take_up",
            "Ingroei",
            "take_up",
            "Deel van de volle omvang per jaar, bijvoorbeeld 50%; 80%; 100%.",
            "Part of the full size per year, for instance 50%; 80%; 100%.",
            default_text_nl="100 %",
            default_text_en="100%",
        ),
        _share(
            "cashable_share",
            "Verzilverbaar",
            "Deel dat in de begroting van de gemeente terugkomt.",
            "Part that returns in the municipal budget.",
            default=0.0,
        ),
        Column(
            "topic",
            "Onderwerp",
            "text",
            "Onderwerp, voor de toets op dubbeltelling.",
            "Topic, for the check on double counting.",
        ),
        Column(
            "evidence",
            "Bewijs",
            "choice",
            "Bewijskracht: A (sterk) tot E (zwak).",
            "Evidence: A (strong) to E (weak).",
            choices=EVIDENCE_GRADES,
        ),
        *UNCERTAINTY,
        NOTE,
    ),
)

NEIGHBOURHOODS = Table(
    "neighbourhoods",
    "Buurten",
    "neighbourhoods",
    "een buurt",
    "a neighbourhood",
    (
        Column(
            "neighbourhood",
            "Buurt",
            "text",
            "Naam, gelijk aan die bij objecten en initiatieven.",
            "Name, the same as with assets and initiatives.",
            required=True,
        ),
        Column("inhabitants", "Inwoners", "number", "Aantal inwoners.", "Number of inhabitants.", minimum=0.0),
        Column(
            "need_indicator",
            "Behoefte-indicator",
            "number",
            "Maat voor behoefte aan steun, bijvoorbeeld de SES-WOA-score van het CBS.",
            "Measure of need for support, for instance Statistics Netherlands' SES-WOA score.",
        ),
        Column(
            "need_reading",
            "Lezing van de indicator",
            "choice",
            "Betekent een lage of een hoge waarde meer behoefte? Bij SES-WOA een lage.",
            "Does a low or a high value mean more need? For SES-WOA a low one.",
            default="low_is_need",
            choices=NEED_READINGS,
        ),
        NOTE,
    ),
)

REACH = Table(
    "reach",
    "Bereik",
    "reach",
    "wie een initiatief in een buurt bereikt",
    "whom an initiative reaches in a neighbourhood",
    (
        Column(
            "initiative_id",
            "Initiatief",
            "identifier",
            "Code van het initiatief.",
            "Code of the initiative.",
            required=True,
        ),
        Column(
            "neighbourhood",
            "Buurt",
            "text",
            "Buurt waar de mensen wonen.",
            "Neighbourhood where the people live.",
            required=True,
        ),
        Column(
            "people",
            "Aantal mensen",
            "number",
            "Mensen die per jaar worden bereikt, ieder één keer geteld.",
            "People reached per year, each counted once.",
            required=True,
            minimum=0.0,
        ),
        Column(
            "people_in_need",
            "Waarvan met grote behoefte",
            "number",
            "Deel van hen dat de steun het hardst nodig heeft.",
            "Those of them who need the support most.",
            minimum=0.0,
        ),
        NOTE,
    ),
)

QUALITIES = Table(
    "qualities",
    "Kwaliteiten",
    "qualities",
    "iets wat een initiatief inbrengt naast geld",
    "something that an initiative brings besides money",
    (
        Column(
            "initiative_id",
            "Initiatief",
            "identifier",
            "Code van het initiatief.",
            "Code of the initiative.",
            required=True,
        ),
        Column(
            "quality",
            "Kwaliteit",
            "choice",
            "Bijvoorbeeld co-creatie of eigen kracht.",
            "For instance co-creation or own strength.",
            required=True,
            choices=QUALITY_KINDS,
        ),
        Column(
            "score",
            "Score",
            "integer",
            "Van 1 (nauwelijks) tot 5 (zeer sterk).",
            "From 1 (hardly) to 5 (very strong).",
            required=True,
            minimum=1,
            maximum=5,
        ),
        Column("description", "Beschrijving", "text", "Waaraan ziet u dat?", "What shows it?", required=True),
        Column(
            "evidence",
            "Bewijs",
            "choice",
            "Bewijskracht: A (sterk) tot E (zwak).",
            "Evidence: A (strong) to E (weak).",
            choices=EVIDENCE_GRADES,
        ),
        NOTE,
    ),
)

SCENARIOS = Table(
    "scenarios",
    "Scenario's",
    "scenarios",
    "één wijziging binnen een scenario",
    "one change within a scenario",
    (
        Column(
            "scenario",
            "Scenario",
            "text",
            "Naam van het scenario; rijen met dezelfde naam horen bij elkaar.",
            "Name of the scenario; rows with the same name belong together.",
            required=True,
        ),
        Column(
            "sheet",
            "Blad",
            "choice",
            "Blad waarop de cel staat die in dit scenario anders is.",
            "Sheet of the cell that is different in this scenario.",
            required=True,
            choices=SCENARIO_SHEETS,
        ),
        Column(
            "key_or_row",
            "Sleutel of regel",
            "identifier",
            "Sleutel van het uitgangspunt, prijscode, objectnummer of code van het initiatief; op de andere bladen het "
            "rijnummer, of de naam als die één keer voorkomt.",
            "Key of the assumption, price code, number of the object or code of the initiative; on the other sheets the "
            "row number, or the name where it occurs once.",
            required=True,
        ),
        Column(
            "column",
            "Kolom",
            "text",
            "Kop van de kolom; leeg bij uitgangspunten en prijzen.",
            "Header of the column; empty for assumptions and prices.",
        ),
        Column(
            "value",
            "Waarde",
            "cell",
            "Wat er in dit scenario staat, geschreven zoals in de cel zelf.",
            "What stands there in this scenario, written as in the cell itself.",
            required=True,
        ),
        NOTE,
    ),
)

ALTERNATIVES = Table(
    "alternatives",
    "Alternatieven",
    "alternatives",
    "een alternatief voor een object",
    "an alternative for an object",
    (
        Column(
            "asset_id", "Objectnummer", "identifier", "Nummer van het object.", "Number of the object.", required=True
        ),
        Column(
            "alternative",
            "Alternatief",
            "choice",
            "Wat er met het object gebeurt in plaats van houden.",
            "What happens to the object instead of keeping it.",
            required=True,
            choices=FORMS,
        ),
        _amount(
            "payment_eur_per_year",
            "Huur of canon per jaar (€)",
            "Wat de gebruiker de gemeente per jaar betaalt.",
            "What the user pays the municipality per year.",
            default=None,
            default_text_nl="onbekend; bij bruikleen en een andere uitvoerder 0",
            default_text_en="unknown; 0 for a free loan for use and for another operator",
        ),
        _amount(
            "premium_eur",
            "Prijs van de opstal (€)",
            "Eenmalig bedrag bij erfpacht: wat de erfpachter voor het gebouw betaalt.",
            "One-off amount of a ground lease: what the leaseholder pays for the building.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        _amount(
            "land_value_eur",
            "Waarde van de grond (€)",
            "Marktwaarde van de grond, die bij erfpacht van de gemeente blijft.",
            "Market value of the land, which stays the municipality's under a ground lease.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        Column(
            "major_maintenance_by",
            "Groot onderhoud door",
            "choice",
            "Wie het groot onderhoud houdt.",
            "Who keeps the major maintenance.",
            default_text_nl="gemeente; bij verkoop en erfpacht de gebruiker",
            default_text_en="municipality; the user under a sale or a ground lease",
            choices=MAINTAINERS,
        ),
        _amount(
            "transaction_cost_eur",
            "Eenmalige kosten gemeente (€)",
            "Wat dit alternatief de gemeente eenmalig kost aan voorbereiding en contract.",
            "What preparing this alternative and its contract costs the municipality once.",
            default=None,
            default_text_nl="de transactiekosten van het object",
            default_text_en="the transaction cost of the object",
        ),
        _amount(
            "operator_subsidy_eur_per_year",
            "Subsidie uitvoerder per jaar (€)",
            "Wat de gemeente de andere uitvoerder per jaar betaalt.",
            "What the municipality pays the other operator per year.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        _amount(
            "operator_cost_eur_per_year",
            "Kosten uitvoerder per jaar (€)",
            "Alle jaarlijkse kosten van de andere uitvoerder, het gebouw inbegrepen.",
            "All yearly cost of the other operator, the building included.",
            default=None,
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        _share(
            "effect_share",
            "Aandeel effecten",
            "Deel van de taken en effecten van de initiatieven dat de andere uitvoerder ook bereikt.",
            "Part of the initiatives' tasks and effects that the other operator reaches as well.",
            default_text_nl="onbekend",
            default_text_en="unknown",
        ),
        NOTE,
    ),
)

INITIATIVE_ID = Column(
    "initiative_id", "Initiatief", "identifier", "Code van het initiatief.", "Code of the initiative.", required=True
)

OPERATIONS = Table(
    "operations",
    "Exploitatie",
    "operations",
    "een post van de exploitatie van een initiatief",
    "an income or cost item of an initiative",
    (
        INITIATIVE_ID,
        Column("item", "Post", "text", "Naam van de post.", "Name of the item.", required=True),
        Column(
            "item_kind",
            "Soort",
            "choice",
            "Soort inkomsten of kosten; de soort bepaalt of de post erbij of eraf telt.",
            "Kind of income or cost; the kind decides whether the item is added or subtracted.",
            required=True,
            choices=ITEM_KINDS,
        ),
        Column(
            "quantity_per_year",
            "Aantal per jaar",
            "number",
            "Aantal eenheden per jaar bij volle omvang, bijvoorbeeld dagdelen.",
            "Number of units per year at full size, for instance half-days.",
            default=1.0,
            minimum=0.0,
        ),
        _amount(
            "unit_amount_eur",
            "Bedrag per eenheid (€)",
            "Bedrag per eenheid in prijzen van jaar 1; ook kosten zijn positief.",
            "Amount per unit in prices of year 1; costs are positive too.",
            required=True,
            default=None,
        ),
        _share(
            "occupancy_share",
            "Bezetting",
            "Deel van het aantal dat echt verhuurd of verkocht wordt.",
            "Part of the quantity that is really let or sold.",
            default=1.0,
        ),
        Column(
            "indexation_rate",
            "Indexering",
            "fraction",
            "Waarmee het bedrag per eenheid vanaf jaar 2 elk jaar stijgt.",
            "By how much the amount per unit rises each year from year 2 on.",
            default_key="indexation_rate",
            minimum=-0.5,
            maximum=0.5,
        ),
        Column(
            "start_year",
            "Startjaar",
            "integer",
            "Eerste jaar van de post; 0 is eenmalig vóór de start, zoals aanloopkosten.",
            "First year of the item; 0 is once before the start, such as start-up cost.",
            default=1,
            minimum=0,
            maximum=150,
        ),
        Column(
            "take_up",
            "Ingroei",
            "take_up",
            "Deel van de volle omvang per jaar, bijvoorbeeld 50%; 80%; 100%.",
            "Part of the full size per year, for instance 50%; 80%; 100%.",
            default_text_nl="100 %",
            default_text_en="100%",
        ),
        NOTE,
    ),
    common_name=True,
)

FINANCING = Table(
    "financing",
    "Financiering",
    "financing",
    "een bron van geld voor een initiatief",
    "a source of money for an initiative",
    (
        INITIATIVE_ID,
        Column(
            "source", "Bron", "text", "Wie het geld geeft of leent.", "Who gives or lends the money.", required=True
        ),
        Column(
            "funding_kind",
            "Soort",
            "choice",
            "Soort geld; een rij met een looptijd is een lening.",
            "Kind of money; a row with a term is a loan.",
            required=True,
            choices=FUNDING_KINDS,
        ),
        _amount(
            "amount_eur",
            "Bedrag (€)",
            "Bedrag dat in jaar 0 beschikbaar komt.",
            "Amount that is available in year 0.",
            required=True,
            default=None,
        ),
        Column(
            "interest_rate",
            "Rente",
            "fraction",
            "Rente per jaar (nominaal), zoals de geldgever die rekent; met een garantie de rente met die garantie.",
            "Yearly interest (nominal), as the lender charges it; with a guarantee the rate with that guarantee.",
            minimum=0.0,
            maximum=0.5,
        ),
        Column(
            "term_years",
            "Looptijd (jaar)",
            "integer",
            "Jaren tot de lening is afgelost, de aflossingsvrije jaren inbegrepen; leeg is geen lening.",
            "Years until the loan is repaid, the interest-only years included; empty is no loan.",
            minimum=1,
            maximum=100,
        ),
        Column(
            "interest_only_years",
            "Aflossingsvrij (jaar)",
            "integer",
            "Jaren aan het begin waarin alleen rente wordt betaald.",
            "Years at the start in which only interest is paid.",
            default=0,
            minimum=0,
            maximum=100,
        ),
        Column(
            "repayment",
            "Aflossing",
            "choice",
            "Lineair (elk jaar evenveel aflossing) of annuïtair (elk jaar evenveel rente en aflossing samen).",
            "Linear (the same repayment each year) or annuity (the same interest and repayment together each year).",
            default="annuity",
            choices=REPAYMENTS,
        ),
        _share(
            "guaranteed_share",
            "Garantie gemeente",
            "Deel van de lening waarvoor de gemeente garant staat.",
            "Part of the loan that the municipality guarantees.",
            default=0.0,
        ),
        NOTE,
    ),
    common_name=True,
)

PRICE_TERMS = Table(
    "price_terms",
    "Prijsafspraken",
    "price terms",
    "een afspraak over de prijs van een object",
    "an arrangement about the price of an object",
    (
        Column(
            "asset_id", "Objectnummer", "identifier", "Nummer van het object.", "Number of the object.", required=True
        ),
        Column(
            "arrangement",
            "Afspraak",
            "choice",
            "Wat er is afgesproken naast de prijs die bij overdracht wordt betaald.",
            "What was agreed besides the price that is paid on transfer.",
            required=True,
            choices=ARRANGEMENTS,
        ),
        Column(
            "year",
            "Jaar",
            "integer",
            "Jaar na de overdracht waarin het gebeurt; bij herijking de eerste, daarna telkens na evenveel jaren.",
            "Year after the transfer in which it happens; for a review the first, and then each time as many years later.",
            minimum=1,
            maximum=150,
        ),
        _amount(
            "amount_eur",
            "Bedrag (€)",
            "Betaling, veronderstelde doorverkoopprijs, terugkoopprijs, of bij herijking het terug te vorderen bedrag.",
            "Payment, supposed resale price, buy-back price, or for a review the amount that can be clawed back.",
            default=None,
            default_text_nl="onbekend (p.m.); bij herijking de korting op de marktwaarde",
            default_text_en="unknown (p.m.); for a review the discount on the market value",
        ),
        _share(
            "share",
            "Aandeel",
            "Winstdeling: deel van de winst voor de gemeente. Herijking: deel dat elk jaar vervalt.",
            "Profit share: part of the profit for the municipality. Review: part that lapses each year.",
            default_text_nl="bij herijking in gelijke delen over de duur van het initiatief",
            default_text_en="for a review in equal parts over the duration of the initiative",
        ),
        Column(
            "indexation_rate",
            "Jaarlijkse indexering",
            "fraction",
            "Waarmee het bedrag elk jaar stijgt; leeg is een vast bedrag in euro's van dat jaar.",
            "By how much the amount rises each year; empty is a fixed amount in euros of that year.",
            default=0.0,
            minimum=-0.5,
            maximum=0.5,
        ),
        NOTE,
    ),
    common_name=True,
)

TABLES = (
    ASSUMPTIONS,
    ASSETS,
    INITIATIVES,
    TASKS,
    EFFECTS,
    NEIGHBOURHOODS,
    REACH,
    QUALITIES,
    SCENARIOS,
    ALTERNATIVES,
    OPERATIONS,
    FINANCING,
    PRICE_TERMS,
)
ASSUMPTION_COLUMNS = {
    "key": ("Sleutel", "key"),
    "value": ("Waarde", "value"),
    "note": ("Toelichting", "note"),
    "low": ("Laag", "low"),
    "high": ("Hoog", "high"),
    "distribution": ("Verdeling", "distribution"),
}
"""The columns of the assumptions sheet, which is laid out as key and value: code name to Dutch and English header."""


def empty_table(table: Table) -> pd.DataFrame:
    """A table without rows, with the declared columns."""
    numbers = ("amount", "number", "fraction", "degrees", "integer", "year")
    return pd.DataFrame(
        {column.key: pd.Series(dtype=float if column.kind in numbers else object) for column in table.columns},
        index=pd.Index([], dtype=int),
    )


@dataclass(frozen=True)
class Assumptions:
    """The assumptions as used, every default filled in. Rates and shares are fractions, amounts are euros.

    `discount_rate` and `municipal_discount_rate` are a number or, when stepped, a tuple of `(last_year, rate)`
    in which each rate holds for the years up to and including `last_year`.
    """

    municipality: str
    base_year: int
    price_year: int
    discount_rate: float | tuple[tuple[int, float], ...]
    municipal_discount_rate: float | tuple[tuple[int, float], ...]
    horizon_years: int
    timing: str
    internal_interest_rate: float
    social_value_share: float
    price_floor: float
    official_hourly_rate: float
    transfer_tax_rate: float
    count_volunteer_hours: bool
    volunteer_hour_value: float


@dataclass(frozen=True)
class Case:
    """One municipality, validated: what valuation computes with.

    Parameters
    ----------
    assumptions : Assumptions
    assets, initiatives, tasks, effects, neighbourhoods, reach, qualities : DataFrame
        A row per sheet row, in sheet order; columns are exactly the declared keys. Text is `object` with `None`
        where empty, numbers are `float64` with NaN where unknown, `sale_restriction` is `bool`, `take_up` holds
        a tuple of fractions (`(1.0,)` when empty). Choices hold the code's word. The index is the row number in
        the user's sheet, so that every figure can be traced to its line.
    scenarios : DataFrame
        As the other tables, resolved: `key_or_row` is the assumption's key, the price code, the owner's number or the
        row number as text; `column` the code name (None for assumptions and prices); `value` is typed as that column.
    alternatives, operations, financing, price_terms : DataFrame
        As the other tables.
    reference : ReferenceData
        Unit values, price index and the other figures of `datasets/`.
    assumption_ranges : DataFrame
        Index: assumption key; columns `low`, `high`, `distribution`, for the assumptions that are uncertain.
    cells : dict
        `(table key, column key)` to `(sheet name, column letter)` in the user's file, for messages. For the
        assumptions the column key is the assumption and the value is `(sheet name, cell)`.
    """

    assumptions: Assumptions
    assets: pd.DataFrame
    initiatives: pd.DataFrame
    tasks: pd.DataFrame
    effects: pd.DataFrame
    reference: ReferenceData
    neighbourhoods: pd.DataFrame = field(default_factory=lambda: empty_table(NEIGHBOURHOODS))
    reach: pd.DataFrame = field(default_factory=lambda: empty_table(REACH))
    qualities: pd.DataFrame = field(default_factory=lambda: empty_table(QUALITIES))
    scenarios: pd.DataFrame = field(default_factory=lambda: empty_table(SCENARIOS))
    alternatives: pd.DataFrame = field(default_factory=lambda: empty_table(ALTERNATIVES))
    operations: pd.DataFrame = field(default_factory=lambda: empty_table(OPERATIONS))
    financing: pd.DataFrame = field(default_factory=lambda: empty_table(FINANCING))
    price_terms: pd.DataFrame = field(default_factory=lambda: empty_table(PRICE_TERMS))
    assumption_ranges: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["low", "high", "distribution"])
    )
    cells: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def with_assumptions(self, **changes: Any) -> Case:
        """The same case under other assumptions; names as in `Assumptions`."""
        return replace(self, assumptions=replace(self.assumptions, **changes))

    def with_asset(self, asset_id: str, **changes: Any) -> Case:
        """The same case with other figures for one object; names as in the assets table."""
        assets = self.assets.copy()
        for column, value in changes.items():
            assets.loc[assets["asset_id"] == asset_id, column] = value
        return replace(self, assets=assets)
