"""A document as a Word file that people edit further: real styles, header rows, alternative texts and a language."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from functools import singledispatchmethod
from itertools import pairwise
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from exports.documents.model import (
    Bullets,
    Chart,
    Document,
    Facts,
    Fields,
    Heading,
    KeyFigures,
    Notice,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    introduces,
)
from exports.documents.typeset import chart_picture

FONT = "Arial"
"""On every computer with Word; LibreOffice has a font of the same widths."""
INK, BLUE = RGBColor(0x1D, 0x27, 0x33), RGBColor(0x0B, 0x57, 0xB0)
PALE, RULE = "EEF3F9", "9AA6B2"
LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
NO_DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""In the file's properties when the document has no date: the template's own would be wrong."""
HEADINGS = {True: (11.5, 10.0, 9.0), False: (15.0, 12.5, 11.0)}
CELL_SIDE = 70
"""[twentieth of a point] Between the text of a cell and its edge."""
MANY_COLUMNS = 6
"""From so many columns on, cells have smaller letters."""
KEEP_ROWS_TOGETHER = 14
"""A table of at most so many rows is not divided over two pages."""


def render_docx(document: Document) -> bytes:
    """The document as a Word file.

    Parameters
    ----------
    document : Document

    Returns
    -------
    bytes
        Headings, lists and captions have Word's own styles, so that a house style takes them over; header rows repeat
        on every page; charts are pictures of 200 dots per inch with an alternative text.
    """
    return _Writer(document).written()


class _Writer:
    """Writes the blocks of one document."""

    def __init__(self, document: Document) -> None:
        self.document, self.compact = document, document.compact
        self.file = docx.Document()
        self.size = 8.5 if self.compact else 10.5
        self._page()
        self._styles()
        self._properties()

    def written(self) -> bytes:
        if self.document.kind:
            self.file.add_paragraph(self.document.kind, style="Subtitle")
        self.file.add_paragraph(self.document.title, style="Title")
        for block, after in pairwise((*self.document.blocks, None)):
            assert block is not None  # noqa: S101 - only the last one is, which has none after it
            self.add(block)
            if introduces(block, after):
                self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        content = io.BytesIO()
        self.file.save(content)
        return content.getvalue()

    @property
    def width(self) -> int:
        """[EMU] Between the margins."""
        section = self.file.sections[0]
        assert section.page_width and section.left_margin and section.right_margin  # noqa: PT018, S101 - set by _page
        return int(section.page_width - section.left_margin - section.right_margin)

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        side, top = (Mm(17), Mm(12)) if self.compact else (Mm(22), Mm(20))
        section.left_margin = section.right_margin = side
        section.top_margin, section.bottom_margin = top, Mm(14) if self.compact else Mm(20)
        section.header_distance, section.footer_distance = Mm(6), Mm(7)
        paragraph = section.footer.paragraphs[0]
        paragraph.style = self.file.styles["Footer"]
        self.file.styles["Footer"].paragraph_format.tab_stops.clear_all()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(self.width), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"{self.document.footer}\t")
        for field, after in (("PAGE", " / "), ("NUMPAGES", "")):
            _add_field(paragraph, field)
            paragraph.add_run(after)

    def _styles(self) -> None:
        """One font, our sizes and colours, and the language; the names of the styles stay Word's own."""
        self._font("Normal", self.size)
        normal = self.file.styles["Normal"].paragraph_format
        normal.space_after = Pt(2.5 if self.compact else 6)
        if self.compact:
            # So that the font that a computer puts in Arial's place cannot push the second page to a third.
            normal.line_spacing_rule, normal.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(self.size * 1.2)
        else:
            normal.line_spacing = 1.12
        self._font("Title", 15.0 if self.compact else 20.0, bold=True, after=4)
        self._font("Subtitle", self.size, bold=True, colour=BLUE, after=0)
        self._font("Footer", 7.5)
        self._font("Caption", self.size, bold=True, before=3, after=2)
        before, after = ((5, 1.5), (14, 4))[not self.compact]
        for level, size in enumerate(HEADINGS[self.compact], start=1):
            self._font(f"Heading {level}", size, bold=True, colour=BLUE if level == 1 else INK)
            heading = self.file.styles[f"Heading {level}"].paragraph_format
            heading.space_before, heading.space_after = Pt(before if level == 1 else before * 0.7), Pt(after)
            heading.keep_with_next = True
        for name in ("List Bullet", "List Number"):
            self.file.styles[name].paragraph_format.space_after = Pt(1.2 if self.compact else 3)
        self.file.styles["Caption"].paragraph_format.keep_with_next = True
        self._new_style("Notice")
        for name, less in (("Cell", 0.5 if self.compact else 1.0), ("Small cell", 0.5 if self.compact else 2.0)):
            self._new_style(name)
            self.file.styles[name].font.size = Pt(self.size - less)
            cell = self.file.styles[name].paragraph_format
            cell.space_after = Pt(0)
            if self.compact:
                cell.line_spacing_rule, cell.line_spacing = WD_LINE_SPACING.EXACTLY, Pt((self.size - less) * 1.18)
        defaults = self.file.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        language = defaults.find(qn("w:lang"))
        for script in ("val", "eastAsia"):
            language.set(qn(f"w:{script}"), LANGUAGES[self.document.language])

    def _font(
        self,
        name: str,
        size: float,
        *,
        bold: bool = False,
        colour: RGBColor = INK,
        before: float | None = None,
        after: float | None = None,
    ) -> None:
        style = self.file.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
        style.font.color.rgb = colour
        fonts = style.element.rPr.rFonts
        for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{script}"), None)
        for script in ("cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        spacing = style.element.rPr.find(qn("w:spacing"))
        if spacing is not None:
            style.element.rPr.remove(spacing)
        borders = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
        if borders is not None:
            style.element.pPr.remove(borders)
        if before is not None:
            style.paragraph_format.space_before = Pt(before)
        if after is not None:
            style.paragraph_format.space_after = Pt(after)
        if name in {"Title", "Heading 1", "Heading 2", "Heading 3"}:
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            style.paragraph_format.line_spacing = Pt(size * 1.2)

    def _new_style(self, name: str) -> None:
        style = self.file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.file.styles["Normal"]

    def _properties(self) -> None:
        properties, date = self.file.core_properties, self.document.date
        moment = NO_DATE if date is None else datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
        properties.title, properties.subject = self.document.title[:255], self.document.kind[:255]
        properties.author = properties.last_modified_by = "Buurtwaarde"
        properties.language, properties.comments = LANGUAGES[self.document.language], ""
        properties.created = properties.modified = moment

    @singledispatchmethod
    def add(self, block: Any) -> None:
        """Write one block."""
        raise NotImplementedError(type(block))

    @add.register
    def _heading(self, block: Heading) -> None:
        self._write(self.file.add_paragraph(style=f"Heading {block.level}"), block.text)

    @add.register
    def _paragraph(self, block: Paragraph) -> None:
        sizes = {
            "body": None,
            "lead": self.size + (0.5 if self.compact else 1.0),
            "small": self.size - (0.5 if self.compact else 1.0),
        }
        self._write(self.file.add_paragraph(), block.text, size=sizes[block.style])

    @add.register
    def _bullets(self, block: Bullets) -> None:
        numbering = self._restarted() if block.numbered else None
        for item in block.items:
            paragraph = self.file.add_paragraph(style="List Number" if block.numbered else "List Bullet")
            if numbering is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_numId().val = numbering
                properties.get_or_add_ilvl().val = 0
            self._write(paragraph, item)

    def _restarted(self) -> int:
        """A numbering of its own, so that every list starts at 1."""
        numbering = self.file.part.numbering_part.numbering_definitions._numbering
        own = self.file.styles["List Number"].element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(own).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    @add.register
    def _notice(self, block: Notice) -> None:
        paragraph = self.file.add_paragraph(style="Notice")
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="6" w:color="B3500B"/></w:pBdr>'
            )
        )
        properties.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FDF3EC"/>'))
        self._write(paragraph, block.text)

    @add.register
    def _facts(self, block: Facts) -> None:
        for name, value in block.rows:
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0.5 if self.compact else 2)
            self._write(paragraph, (Run(f"{name}: ", bold=True), *value))

    @add.register
    def _fields(self, block: Fields) -> None:
        for name in block.names:
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(8)
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Emu(self.width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
            paragraph.add_run(f"{name}: \t")

    @add.register
    def _page_break(self, _block: PageBreak) -> None:
        self.breaks = True

    @add.register
    def _key_figures(self, block: KeyFigures) -> None:
        rows = [tuple((Run(item.figure, bold=True),) for item in block.items)]
        if any(item.note for item in block.items):
            rows.append(tuple((Run(item.note),) for item in block.items))
        headers = [item.name for item in block.items]
        table = self._grid(headers, rows, block.alt, [1.0] * len(headers), shade_all=True)
        for cell in table.rows[1].cells:
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(self.size * 1.35)
            cell.paragraphs[0].paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(self.size * 1.65)
        self._after_table()

    @add.register
    def _table(self, block: Table) -> None:
        if block.caption:
            self.file.add_paragraph(block.caption, style="Caption")
        headers, widths = [column.header for column in block.columns], [column.width for column in block.columns]
        table = self._grid(headers, [row.cells for row in block.rows], block.alt, widths)
        for word_row, row in zip(table.rows, [None, *block.rows], strict=True):
            self._finish_row(word_row, row, block)
        self._after_table()

    def _finish_row(self, word_row: Any, row: Row | None, block: Table) -> None:
        """Right-aligned amounts, and totals in bold."""
        for cell, column in zip(word_row.cells, block.columns, strict=True):
            paragraph = cell.paragraphs[0]
            if column.align == "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if row is not None and row.total:
                for run in paragraph.runs:
                    run.font.bold = True
                _shade(cell, "F3F5F7")
            if len(block.rows) <= KEEP_ROWS_TOGETHER and word_row is not None and row is not block.rows[-1]:
                paragraph.paragraph_format.keep_with_next = True

    def _grid(
        self, headers: list[str], rows: list[Any], alt: str, widths: list[float], *, shade_all: bool = False
    ) -> Any:
        table = self.file.add_table(rows=1 + len(rows), cols=len(headers))
        table.autofit = False
        properties = table._tbl.tblPr
        _set_table_properties(properties, alt)
        shares = [Emu(int(self.width * width / sum(widths))) for width in widths]
        for column, share in zip(table.columns, shares, strict=True):
            column.width = share
        style_id = self.file.styles["Cell" if len(headers) < MANY_COLUMNS else "Small cell"].style_id
        filled = [[(Run(header, bold=True),) for header in headers], *rows]
        for number, (word_row, texts) in enumerate(zip(table.rows, filled, strict=True)):
            row_properties = word_row._tr.get_or_add_trPr()
            row_properties.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
            if number == 0:
                row_properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
            for cell, text, share in zip(word_row.cells, texts, shares, strict=True):
                cell.width = share
                paragraph = cell.paragraphs[0]
                paragraph._p.style = style_id
                self._write(paragraph, text)
                if number == 0 or shade_all:
                    _shade(cell, PALE)
        return table

    def _after_table(self) -> None:
        """Word joins two tables without a paragraph in between; this one takes hardly any room."""
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(4 if self.compact else 8)

    @add.register
    def _chart(self, block: Chart) -> None:
        self.file.add_paragraph(block.title, style="Caption")
        paragraph = self.file.add_paragraph()
        # A line of exact height would cut a picture off.
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        width = self.width - Mm(2)
        picture = chart_picture(block, self.document, width_mm=width / Mm(1))
        shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Emu(width))
        inline = shape._inline
        for side in "TBLR":  # LibreOffice puts room of its own where the file does not say that there is none
            inline.set(f"dist{side}", "0")
        described = inline.docPr
        described.set("descr", block.alt)
        described.set("title", block.title)

    breaks = False

    def _write(self, paragraph: WordParagraph, text: Text, *, size: float | None = None) -> None:
        """The runs of a text; a page break that was asked for comes before it."""
        if self.breaks:
            paragraph.paragraph_format.page_break_before = True
            self.breaks = False
        for piece in text:
            run = paragraph.add_run(piece.text)
            if piece.bold:
                run.font.bold = True
            if size is not None:
                run.font.size = Pt(size)


def _set_table_properties(properties: Any, alt: str) -> None:
    """Thin lines under the rows, the first row as header, and what the table shows."""
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.remove(look)
    inside = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    pieces = (
        f'<w:tblInd {nsdecls("w")} w:w="{CELL_SIDE}" w:type="dxa"/>',
        f"<w:tblBorders {nsdecls('w')}><w:bottom {inside}/><w:insideH {inside}/></w:tblBorders>",
        f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>',
        f'<w:tblCellMar {nsdecls("w")}><w:top w:w="14" w:type="dxa"/><w:left w:w="{CELL_SIDE}" w:type="dxa"/>'
        f'<w:bottom w:w="14" w:type="dxa"/><w:right w:w="{CELL_SIDE}" w:type="dxa"/></w:tblCellMar>',
        f'<w:tblLook {nsdecls("w")} w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>',
    )
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:
        properties.remove(layout)
    for piece in pieces:
        properties.append(parse_xml(piece))
    description = parse_xml(f"<w:tblDescription {nsdecls('w')}/>")
    description.set(qn("w:val"), alt)
    properties.append(description)


def _shade(cell: Any, fill: str) -> None:
    properties: Callable[[], Any] = cell._tc.get_or_add_tcPr
    properties().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'))


def _add_field(paragraph: WordParagraph, name: str) -> None:
    """A field that Word fills in, such as the page number."""
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("value", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "":
            instruction = parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {text} </w:instrText>')
            run._r.append(instruction)
        elif kind == "value":
            run.text = text
        else:
            run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
