"""The sheets around the figures: explanation, sources, norms and charts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from exports.workbook.book import Book, Table, cached
from exports.workbook.formula import Formula, Ref, numbers, quoted_sheet
from exports.workbook.inputs import Inputs
from exports.workbook.results import ASSET_LABELS, BUDGET_LABELS
from exports.workbook.views import Results
from valuation.case import PARTIES, Case

LADDER = (
    "reservation_price_eur",
    "reservation_price_against_sale_eur",
    "social_price_eur",
    "book_value_eur",
    "market_value_eur",
    "ceiling_price_eur",
)
"""The rungs of the price ladder that the workbook computes; the proposed price comes from the input."""
MOST_IN_CHART = 25
PAYER_COLOURS = dict(
    zip(
        (payer.key for payer in PARTIES),
        ("#2F5597", "#C55A11", "#7F6000", "#548235", "#7030A0", "#00B0F0", "#7F7F7F", "#A9D18E", "#404040"),
        strict=True,
    )
)
TEXT = (
    (
        "Wat dit is",
        "What this is",
        "Deze werkmap rekent met formules na wat een object of initiatief waard is: van de invoer tot elke uitkomst. "
        "Wijzig een gele cel en alles rekent mee, in Excel en in LibreOffice.",
        "This workbook recomputes with formulas what an object or initiative is worth: from the input to every "
        "result. Change a yellow cell and everything follows, in Excel and in LibreOffice.",
    ),
    (
        "Drie kijken",
        "Three views",
        "Boekhouding (Boekwaarde, Begroting): wat gebeurt er in begroting en balans? Gemeente: vanaf welke prijs is "
        "de gemeente niet slechter af? Maatschappij: wat is het voor iedereen samen waard? Deze drie worden nooit "
        "opgeteld. De prijs is een overdracht en verandert de maatschappelijke waarde niet.",
        "Accounts (Book value, Budget): what happens in budget and balance sheet? Municipality: from which price on "
        "is the municipality no worse off? Society: what is it worth to everyone together? These three are never "
        "added up. The price is a transfer and never changes social value.",
    ),
    (
        "Structureel en incidenteel",
        "Recurring and one-off",
        "De begroting houdt structurele en incidentele bedragen apart en saldeert ze niet.",
        "The budget keeps recurring and one-off amounts apart and never nets them.",
    ),
    (
        "Niet bepaald",
        "Undefined",
        "Een lege uitkomst is niet bepaald (null in de JSON): er is bijvoorbeeld geen voorgestelde prijs, of niemand "
        "zegt wat er in het object gebeurt. Leeg is geen nul. Een effect zonder prijs is p.m.: het bedrag is leeg en "
        "telt nergens mee.",
        "An empty result is undefined (null in the JSON): for instance there is no proposed price, or nobody says "
        "what happens in the object. Empty is not zero. An effect without a price is p.m.: its amount is empty and "
        "counts nowhere.",
    ),
    (
        "Wijzigen",
        "Changing",
        "Alle gele cellen mogen anders: bedragen, percentages, duur, ingroei, keuzes, prijscodes. De bladen zijn "
        "beveiligd zonder wachtwoord, zodat een formule niet per ongeluk verdwijnt. Een rij erbij of eraf, een "
        "zichtperiode na jaar {last_year} of meer dan {steps} stappen ingroei past niet: maak daarvoor een nieuwe "
        "export. De werkmap geeft dan een fout (#N/B), nooit een verkeerd cijfer.",
        "All yellow cells may change: amounts, percentages, duration, take-up, choices, price codes. The sheets are "
        "protected without a password, so that no formula gets lost by accident. An extra row or one less, a horizon "
        "after year {last_year} or more than {steps} steps of take-up does not fit: make a new export for those. The "
        "workbook then shows an error (#N/A), never a wrong figure.",
    ),
    (
        "Controle",
        "Check",
        "Het blad Controle zet naast elk cijfer van de werkmap het cijfer van het model, met het verschil.",
        "The sheet Check puts the model's figure beside every figure of the workbook, with the difference.",
    ),
    (
        "Weer inlezen",
        "Reading it in again",
        "De invoerbladen hebben de indeling van het uploadbestand: deze werkmap kan zo weer worden ingelezen. De "
        "andere bladen worden dan overgeslagen. Eigen extra kolommen en toelichtingen bij uitgangspunten staan er niet "
        "in.",
        "The input sheets have the layout of the upload file: this workbook can be handed in again as it is. The "
        "other sheets are skipped then. Extra columns and notes of your own on assumptions are not in it.",
    ),
    (
        "Namen",
        "Names",
        "Elk uitgangspunt heeft een naam die in de formules staat, zoals Discontovoet en Zichtperiode. Kolommen van "
        "het blad Regels heten Regel_object, Regel_gemeente enzovoort.",
        "Every assumption has a name that stands in the formulas, such as discount_rate and horizon_years. Columns "
        "of the sheet Lines are named line_asset, line_municipal and so on.",
    ),
    (
        "Prijspeil",
        "Price level",
        "Maatschappij en gemeente: reële euro's van het prijspeil. Boekwaarde en kapitaallasten: nominaal, zoals de "
        "gemeente ze in de boeken heeft.",
        "Society and municipality: real euros of the price level. Book value and capital charges: nominal, as the "
        "municipality has them in its books.",
    ),
)


def explanation(book: Book, case: Case, sheets: list[tuple[str, str, str]], last_year: int, steps: int) -> None:
    """What the workbook is, what the colours mean, and what stands on which sheet."""
    sheet = book.sheet("explanation")
    title = book.workbook.add_format({"bold": True, "font_size": 18})
    bold = book.workbook.add_format({"bold": True, "valign": "top", "text_wrap": True})
    wrap = book.workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, "Buurtwaarde", title)
    sheet.write_string(1, 0, case.assumptions.municipality, bold)
    row = 3
    for title_nl, title_en, nl, en in TEXT:
        sheet.write_string(row, 0, book.text(title_nl, title_en), bold)
        text = book.text(nl, en).format(last_year=last_year, steps=steps)
        sheet.write_string(row, 1, text, wrap)
        sheet.set_row(row, 15 * (1 + len(text) // 115))
        row += 1
    row += 1
    sheet.write_string(row, 0, book.text("Kleuren", "Colours"), bold)
    for look, nl, en in (
        ("input", "Invoer: mag anders", "Input: may change"),
        ("formula", "Formule: tussenstap", "Formula: intermediate step"),
        ("result", "Uitkomst", "Result"),
    ):
        sheet.write_string(row, 1, book.text(nl, en), book.style(look, "words", locked=True))
        row += 1
    row += 1
    sheet.write_string(row, 0, book.text("Bladen", "Sheets"), bold)
    for name, nl, en in sheets:
        sheet.write_url(row, 0, f"internal:{quoted_sheet(name)}!A1", string=name)
        sheet.write_string(row, 1, book.text(nl, en), wrap)
        row += 1


def norms(book: Book, case: Case) -> Formula:
    """Ceilings for state aid, and the named period of the de minimis rule."""
    rows = case.reference.de_minimis
    book.heading(
        "norms",
        book.text("Normen", "Norms"),
        book.text(
            "Plafonds voor de-minimissteun per onderneming. Een signaal, geen juridisch advies.",
            "Ceilings of de minimis aid per undertaking. A signal, no legal advice.",
        ),
    )
    table = Table(book, "norms", len(rows))
    period = None
    for nl, en, key, number in (
        ("Regeling", "Rule", "key", "text"),
        ("Plafond (€)", "Ceiling (EUR)", "ceiling_eur", "amount"),
        ("Periode (jaar)", "Period (years)", "period_years", "integer"),
        ("Geldig vanaf", "Valid from", "valid_from", "text"),
        ("Geldig tot en met", "Valid to", "valid_to", "text"),
        ("Bron", "Source", "source_id", "text"),
        ("Vindplaats", "Locator", "locator", "text"),
        ("Toelichting", "Note", "note", "text"),
    ):
        if key not in rows:
            continue
        values = rows[key].to_numpy(object)
        if key == "period_years":
            values = values.astype(float)
        width = 70 if key == "note" else None
        column = table.add_values(nl, en, values, number, look="formula", width=width)
        if key == "period_years":
            period = column.at_start
    table.finish()
    if period is None:
        raise LookupError("datasets/de_minimis.csv has no column 'period_years'")
    name = book.name("De_minimis_jaren", "de_minimis_years", period)
    years = float(rows["period_years"].astype(float).max())
    return Formula(("MAX(", *name, ")"), np.array([[years]]))


def sources(book: Book, case: Case) -> None:
    """Where the reference figures come from."""
    rows = case.reference.sources
    book.heading(
        "sources",
        book.text("Bronnen", "Sources"),
        book.text("Waar de referentiecijfers vandaan komen.", "Where the reference figures come from."),
    )
    table = Table(book, "sources", len(rows))
    # Year and date in one text: the intake takes a column of dates beside one about residents for personal data.
    read_on = book.text("gelezen", "accessed")
    editions = [
        f"{year}; {read_on} {day}" if day else str(year)
        for year, day in zip(rows["edition_year"], rows["accessed"], strict=True)
    ]
    for nl, en, texts, width in (
        ("Code", "Code", rows["source_id"], 26),
        ("Uitgever", "Publisher", rows["publisher"], 34),
        ("Titel", "Title", rows["title"], 60),
        ("Uitgave", "Edition", editions, 26),
        ("Adres", "Address", rows["url"], 60),
        ("Licentie", "Licence", rows["licence"], 14),
    ):
        table.add_values(
            nl, en, np.array([str(text) for text in texts], dtype=object), "text", look="formula", width=width
        )
    table.finish()


def charts(book: Book, assets: Inputs, initiatives: Inputs, results: Mapping[str, Results], years: int) -> None:
    """Native charts: the price ladder and budget of one object of choice, the values of all, and who saves."""
    sheet = book.sheet("charts")
    book.heading(
        "charts",
        book.text("Grafieken", "Charts"),
        book.text("Kies in de gele cel een object.", "Choose an asset in the yellow cell."),
    )
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 12, 13)
    row = 24
    if assets.count:
        _chart_of_one(book, assets, results, years)
        row += _chart_of_values(book, assets, results["assets"], row)
    if initiatives.count:
        _chart_of_savings(book, initiatives, results["payers"], row)


def _chart_of_one(book: Book, assets: Inputs, results: Mapping[str, Results], years: int) -> None:
    """Price ladder and budget of the chosen object."""
    sheet = book.sheet("charts")
    codes = assets["asset_id"]
    bold = book.workbook.add_format({"bold": True})
    sheet.write_string(3, 0, book.text("Object", "Asset"), bold)
    sheet.write_string(3, 1, str(codes.value[0, 0]), book.style("input", "text"))
    source = f"={Formula(codes.whole.parts, codes.whole.value).at(0, 0, sheet.name)[1:]}"
    sheet.data_validation(3, 1, 3, 1, {"validate": "list", "source": source})
    name = book.name("Gekozen_object", "chosen_asset", Ref(sheet.name, 3, 1))
    positions = book.text("Object_nr", "asset_no")
    position = f"SUMPRODUCT(EXACT({book.text('Object_code', 'asset_code')},{name[0]})*{positions})"
    sheet.write_string(4, 0, book.text("Nr van het object", "No of the asset"))
    sheet.write_formula(4, 1, f"={position}", book.style("formula", "integer"), 1)
    number = Ref(sheet.name, 4, 1)

    rungs: dict[str, tuple[tuple[str, str], Any]] = {
        field: (ASSET_LABELS[field], results["assets"][field]) for field in LADDER
    }
    rungs["proposed_price_eur"] = (("Voorgestelde prijs (€)", "Proposed price (EUR)"), assets["proposed_price_eur"])
    sheet.write_string(6, 0, book.text("Prijsladder", "Price ladder"), book.header_style)
    sheet.write_string(6, 1, "€", book.header_style)
    for row, (label, column) in enumerate(rungs.values(), start=7):
        text = Formula(("INDEX(", *column.whole.parts, ",", number, ")"), column.value[:1])
        cell = text.at(0, 0, sheet.name)
        shown = Formula(("IF(ISNUMBER(", cell[1:], "),", cell[1:], ',"")'), column.value[:1])
        sheet.write_string(row, 0, book.text(*label), book.style("formula"))
        style = book.style("formula", "amount")
        sheet.write_formula(row, 1, shown.at(0, 0, sheet.name), style, cached(shown.value[0, 0]))
    last = 6 + len(rungs)
    ladder = book.workbook.add_chart({"type": "bar"})
    ladder.add_series(
        {
            "name": book.text("Prijs", "Price"),
            "categories": [sheet.name, 7, 0, last, 0],
            "values": [sheet.name, 7, 1, last, 1],
            "fill": {"color": "#2F5597"},
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 60,
        }
    )
    _looks(book, ladder, ("Prijsladder van het gekozen object", "Price ladder of the chosen asset"), bar=True)
    description = book.text(
        "Staafgrafiek met de prijzen van het gekozen object in euro; de cijfers staan in de tabel ernaast.",
        "Bar chart of the prices of the chosen asset in euros; the figures stand in the table beside it.",
    )
    ladder.set_legend({"none": True})
    ladder.set_size({"width": 620, "height": 380})
    sheet.insert_chart(3, 3, ladder, {"description": description})

    sheet.write_string(16, 0, book.text("Begroting", "Budget"), book.header_style)
    totals = ("recurring_total_eur", "one_off_total_eur")
    for offset, field in enumerate(totals, start=1):
        sheet.write_string(16, offset, book.text(*BUDGET_LABELS[field]), book.header_style)
    for year in range(years):
        for offset, field in enumerate(("year", *totals)):
            column = results["budget"][field]
            at = Formula(
                ("INDEX(", *column.whole.parts, ",(", number, f"-1)*{years}+{year + 1})"), column.value[year : year + 1]
            )
            style = book.style("formula", "integer" if field == "year" else "amount", align="right")
            sheet.write_formula(17 + year, offset, at.at(0, 0, sheet.name), style, cached(at.value[0, 0]))
    budget = book.workbook.add_chart({"type": "column"})
    for offset, (field, colour) in enumerate(zip(totals, ("#2F5597", "#C55A11"), strict=True), start=1):
        budget.add_series(
            {
                "name": book.text(*BUDGET_LABELS[field]),
                "categories": [sheet.name, 17, 0, 16 + years, 0],
                "values": [sheet.name, 17, offset, 16 + years, offset],
                "fill": {"color": colour},
            }
        )
    _looks(book, budget, ("Begroting van het gekozen object", "Budget of the chosen asset"))
    description = book.text(
        "Kolomgrafiek van vier begrotingsjaren: structureel en incidenteel apart, in euro.",
        "Column chart of four budget years: recurring and one-off apart, in euros.",
    )
    budget.set_size({"width": 520, "height": 380})
    sheet.insert_chart(3, 9, budget, {"description": description, "x_offset": 60})


def _chart_of_values(book: Book, assets: Inputs, results: Results, row: int) -> int:
    """Book, market and social value of the objects, side by side; the number of rows that the chart takes."""
    sheet, last = book.sheet("charts"), min(assets.count, MOST_IN_CHART) - 1
    chart = book.workbook.add_chart({"type": "bar"})
    fields = ("book_value_eur", "market_value_eur", "social_value_eur")
    for field, colour in zip(fields, ("#7F7F7F", "#2F5597", "#548235"), strict=True):
        place = results[field].at_start
        first = place.row
        chart.add_series(
            {
                "name": book.text(*ASSET_LABELS[field]),
                "categories": [place.sheet, first, 1, first + last, 1],
                "values": [place.sheet, first, place.column, first + last, place.column],
                "fill": {"color": colour},
            }
        )
    _looks(book, chart, ("Wat is het object waard, voor wie?", "What is the asset worth, to whom?"), bar=True)
    height = 120 + 48 * (last + 1)
    chart.set_size({"width": 1240, "height": height})
    description = book.text(
        "Staafgrafiek met boekwaarde, marktwaarde en maatschappelijke waarde van elk object in euro.",
        "Bar chart of book value, market value and social value of each asset in euros.",
    )
    sheet.insert_chart(row, 0, chart, {"description": description})
    return height // 20 + 2


def _chart_of_savings(book: Book, initiatives: Inputs, results: Results, row: int) -> None:
    """Cashable savings of each initiative, stacked by who has them."""
    sheet, last = book.sheet("charts"), min(initiatives.count, MOST_IN_CHART) - 1
    saved = {payer: results[f"{payer.key}.cashable_saving_eur_per_year"] for payer in PARTIES}
    with_savings = {payer: column for payer, column in saved.items() if not np.isnan(numbers(column.value)).all()}
    if not with_savings:
        return
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for payer, column in with_savings.items():
        place = column.at_start
        chart.add_series(
            {
                "name": book.text(payer.nl, payer.en),
                "categories": [place.sheet, place.row, 1, place.row + last, 1],
                "values": [place.sheet, place.row, place.column, place.row + last, place.column],
                "fill": {"color": PAYER_COLOURS[payer.key]},
            }
        )
    _looks(
        book,
        chart,
        ("Verzilverbare besparing per initiatief en betaler", "Cashable savings by initiative and payer"),
        bar=True,
        unit=("€ per jaar", "EUR per year"),
    )
    chart.set_size({"width": 1240, "height": 120 + 32 * (last + 1)})
    description = book.text(
        "Gestapelde staven: verzilverbare besparing van elk initiatief in euro per jaar, naar wie haar heeft.",
        "Stacked bars: cashable savings of each initiative in euros per year, by who has them.",
    )
    sheet.insert_chart(row, 0, chart, {"description": description})


def _looks(
    book: Book, chart: Any, title: tuple[str, str], *, bar: bool = False, unit: tuple[str, str] = ("€", "EUR")
) -> None:
    """Title, unit on the axis and legend."""
    chart.set_title({"name": book.text(*title), "name_font": {"size": 12}})
    amounts = {"name": book.text(*unit), "num_format": "#,##0", "major_gridlines": {"visible": True}}
    if bar:
        chart.set_x_axis({**amounts, "label_position": "high"})
        chart.set_y_axis({"reverse": True, "label_position": "low"})
    else:
        chart.set_y_axis(amounts)
        chart.set_x_axis({"label_position": "low"})
    chart.set_legend({"position": "bottom"})
