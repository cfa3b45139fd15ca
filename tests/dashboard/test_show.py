"""Tables that are taken along open in a spreadsheet as they are, and never run anything."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.template import COLOURS, PATTERNS, euro_axis, layout, marker
from dashboard.notation import written
from dashboard.show import csv_bytes
from dashboard.wording import speaking


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "-1,5=2", "@SUM(A1)", "\tx", "\rx", "--1"])
def test_what_looks_like_a_formula_is_only_text(text):
    lines = csv_bytes(pd.DataFrame({"naam": [text]}), "nl").decode("utf-8-sig")
    assert "'" + text[0] in lines


@pytest.mark.parametrize("text", ["-12,50", "-1.234", "+5%", "−3", "Buurthuis"])
def test_a_negative_number_stays_a_number(text):
    assert csv_bytes(pd.DataFrame({"naam": [text]}), "nl").decode("utf-8-sig") == f"naam\r\n{text}\r\n"


def test_what_keeps_a_line_together_on_screen_is_not_in_the_file():
    with speaking("en"):
        frame = written(pd.DataFrame({"amount": [-828000.0]}), {"amount": "amount"})
    assert csv_bytes(frame, "en").decode("utf-8-sig") == 'amount\r\n"−€828,000"\r\n'


def test_a_dutch_file_has_semicolons_since_the_comma_is_in_the_figures():
    frame = pd.DataFrame({"a": ["1,5"], "b": ["x"]})
    assert csv_bytes(frame, "nl").decode("utf-8-sig").splitlines() == ["a;b", "1,5;x"]
    assert csv_bytes(pd.DataFrame({"a": ["1.5"], "b": ["x"]}), "en").decode("utf-8-sig").splitlines() == [
        "a,b",
        "1.5,x",
    ]


def test_every_chart_has_the_separators_of_the_language_and_no_background():
    with speaking("nl"):
        drawn = layout(xaxis=euro_axis("Waarde (€)"))
    assert drawn["separators"] == ",."
    assert drawn["paper_bgcolor"] == drawn["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert drawn["xaxis"]["title"]["text"] == "Waarde (€)"


def test_every_role_has_a_colour_and_a_pattern():
    assert COLOURS.keys() == PATTERNS.keys()
    assert marker("book")["color"] == COLOURS["book"]


def _long_page() -> None:
    import pandas as pd

    from dashboard.show import show_table

    show_table(
        pd.DataFrame({"Nr": range(101), "Bedrag": [1234.0] * 101}), "long_csv", "lang", columns={"Bedrag": "amount"}
    )


def test_of_a_long_table_the_first_rows_stand_on_screen_and_it_says_so():
    app = AppTest.from_function(_long_page).run()
    assert not app.exception
    assert app.table[0].value["Nr"].tolist() == list(range(100))
    assert [caption.value for caption in app.caption] == ["De eerste 100 van 101 rijen; de download heeft ze alle."]


def _page() -> None:
    import pandas as pd

    from dashboard.charts.template import euro_axis, layout, marker
    from dashboard.show import show_chart

    figure = {
        "data": [{"type": "bar", "x": [1], "y": ["a"], "marker": marker("book")}],
        "layout": layout(xaxis=euro_axis("€")),
    }
    table = pd.DataFrame({"Wat": ["Boekwaarde"], "Bedrag": [1234.0]})
    show_chart(figure, table, "werkmap, blad Objecten", "Boekwaarde 1234 euro", "books", columns={"Bedrag": "amount"})


def test_a_chart_comes_with_its_table_and_its_source():
    page = AppTest.from_function(_page).run()
    assert not page.exception
    assert page.expander[0].label == "De cijfers bij deze grafiek"
    assert page.table[0].value["Bedrag"].tolist() == ["€\u00a01.234"]
    assert page.caption[0].value == "Bron: werkmap, blad Objecten"
