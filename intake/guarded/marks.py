"""Problems marked in the user's own xlsx file: a colour and a comment at each cell, and a sheet that lists them.

The parts of the file are changed as text, at the places in question only. What is not changed (formats, formulas,
charts, pictures, other sheets) stays byte for byte what it was: a library that reads and writes a workbook again
loses what it does not know.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .limits import RefusedError
from .xlsx import CELL_ADDRESS, column_number, sheet_paths, unpack

COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C"}
HEADER_COLOUR = "FFDCE6EC"
AUTHOR = "Buurtwaarde"
MOST_COMMENTS = 5_000
"""In one sheet; beyond these a spreadsheet program grows slow, and the list on the extra sheet says it all."""
LONGEST_COMMENT = 2_000
LONGEST_SHEET_NAME = 31
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
VML_CONTENT = "application/vnd.openxmlformats-officedocument.vmlDrawing"
AFTER_LEGACY_DRAWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems"}
) | {"tableParts", "extLst"}
VML_START = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" '
    'coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/>'
    "</v:shapetype>"
)
VML_SHAPE = (
    '<v:shape id="bw_{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:240pt;height:90pt;z-index:{number};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


class Mark(NamedTuple):
    """What is to be said at one cell."""

    cell: str
    level: str
    text: str


class Edit(NamedTuple):
    """Bytes from `start` to `end` that become something else."""

    start: int
    end: int
    new: bytes


def spliced(part: bytes, edits: list[Edit]) -> bytes:
    """The part with these edits; those at the same place in their order."""
    pieces, place = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        pieces += [part[place : edit.start], edit.new]
        place = edit.end
    return b"".join([*pieces, part[place:]])


def mark(data: bytes, sheets: dict[str, list[list[str]]], listing: dict[str, Any]) -> bytes:
    """The workbook with problems marked.

    Parameters
    ----------
    data : bytes
        An xlsx file.
    sheets : dict
        Name of a sheet to its marks: cell, level, text.
    listing : dict
        `name` of the sheet that is added, its `rows` of texts (the first is the header; columns 2 and 3 are sheet and
        cell, to which the row leads), and its `widths`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpack(archive)
        package = _Package(archive)
        paths = {name: package.real_name(path) for name, path in sheet_paths(archive).items()}
    styles = _Styles(package)
    for name, marks in sheets.items():
        if name in paths:
            _mark_sheet(package, paths[name], [Mark(*given) for given in marks], styles)
    _add_list(package, listing, styles, set(paths))
    styles.write()
    return package.to_bytes()


class _Package:
    """The parts of the file; what is not set stays as it was."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.entries = [(info, archive.read(info)) for info in archive.infolist()]
        self.names = {info.filename.lower(): info.filename for info, _content in self.entries}
        self.changed: dict[str, bytes] = {}

    def real_name(self, path: str) -> str:
        return self.names.get(path.lower(), path)

    def get(self, path: str) -> bytes | None:
        name = self.real_name(path)
        if name in self.changed:
            return self.changed[name]
        return next((content for info, content in self.entries if info.filename == name), None)

    def set(self, path: str, content: bytes) -> None:
        self.changed[self.real_name(path)] = content

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for info, content in self.entries:
                archive.writestr(info, self.changed.pop(info.filename, content), info.compress_type)
            for name, content in self.changed.items():
                archive.writestr(name, content)
        return file.getvalue()

    def relations(self, path: str) -> str:
        folder, name = posixpath.split(path)
        return self.real_name(f"{folder}/_rels/{name}.rels")

    def relate(self, path: str, kind: str, target: str) -> str:
        """Add a relation of a part to another; its id."""
        relations = self.relations(path)
        content = self.get(relations) or f'{XML}<Relationships xmlns="{RELATIONS}"></Relationships>'.encode()
        taken = set(re.findall(rb"\bId=[\"']([^\"']+)[\"']", content))
        number = next(number for number in range(1, len(taken) + 2) if f"rIdBw{number}".encode() not in taken)
        base = (
            TRANSITIONAL
            if b"purl.oclc.org" not in content
            else "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        element = f'<Relationship xmlns="{RELATIONS}" Id="rIdBw{number}" Type="{base}/{kind}" Target="{target}"/>'
        self.set(relations, _before_end(content, "Relationships", element))
        return f"rIdBw{number}"

    def declare(self, path: str, content_type: str) -> None:
        element = f'<Override xmlns="{_CONTENT_TYPES}" PartName="/{path}" ContentType="{content_type}"/>'
        self._content_types(element)

    def declare_vml(self) -> None:
        content = self.get("[Content_Types].xml") or b""
        if re.search(rb"Extension=[\"']vml[\"']", content, re.IGNORECASE) is None:
            self._content_types(f'<Default xmlns="{_CONTENT_TYPES}" Extension="vml" ContentType="{VML_CONTENT}"/>')

    def _content_types(self, element: str) -> None:
        content = self.get("[Content_Types].xml")
        if content is None:
            raise RefusedError("file_damaged")
        self.set("[Content_Types].xml", _before_end(content, "Types", element))

    def free_name(self, start: str, end: str) -> str:
        number = 1
        while f"{start}{number}{end}".lower() in self.names or f"{start}{number}{end}" in self.changed:
            number += 1
        return f"{start}{number}{end}"


_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def _before_end(content: bytes, tag: str, element: str) -> bytes:
    """The part with an element added as the last of another, which may be an empty one."""
    closing = list(re.finditer(rb"</(?:[\w-]+:)?" + tag.encode() + rb"\s*>", content))
    if closing:
        return content[: closing[-1].start()] + element.encode() + content[closing[-1].start() :]
    empty = re.search(rb"<((?:[\w-]+:)?" + tag.encode() + rb")(\s[^>]*)?/>", content)
    if empty is None:
        raise RefusedError("file_damaged")
    opened = empty[0][:-2].rstrip() + b">" + element.encode() + b"</" + empty[1] + b">"
    return content[: empty.start()] + opened + content[empty.end() :]


# ---- colours ------------------------------------------------------------------------------------


class _Styles:
    """The styles of the workbook, with for each style that is marked the same one in a colour."""

    def __init__(self, package: _Package) -> None:
        self.package = package
        path = next((name for key, name in package.names.items() if key == "xl/styles.xml"), None)
        self.path = path or "xl/styles.xml"
        content = package.get(self.path) if path else None
        self.is_new = content is None
        self.content = content or _EMPTY_STYLES.encode()
        formats = re.search(rb"<(?:[\w-]+:)?cellXfs\b[^>]*>(.*?)</(?:[\w-]+:)?cellXfs>", self.content, re.DOTALL)
        fills = re.search(rb"<(?:[\w-]+:)?fills\b[^>]*>(.*?)</(?:[\w-]+:)?fills>", self.content, re.DOTALL)
        if formats is None or fills is None:
            raise RefusedError("file_damaged")
        self.formats: list[bytes] = re.findall(
            rb"<(?:[\w-]+:)?xf\b[^>]*?/>|<(?:[\w-]+:)?xf\b[^>]*>.*?</(?:[\w-]+:)?xf>", formats[1], re.DOTALL
        )
        prefix = re.match(rb"<([\w-]+:)?", fills[0])
        self.prefix = (prefix[1] or b"").decode() if prefix else ""
        self.first_fill = len(re.findall(rb"<(?:[\w-]+:)?fill[\s>/]", fills[1]))
        self.added: list[bytes] = []
        self.known: dict[tuple[int, str], int] = {}

    def marked(self, style: int, level: str) -> int:
        """The number of the style that is this one, in the colour of the level."""
        if (style, level) not in self.known:
            base = self.formats[style] if 0 <= style < len(self.formats) else self.formats[0]
            fill = self.first_fill + list(_FILLS).index(level)
            self.known[style, level] = len(self.formats) + len(self.added)
            self.added.append(_with_attributes(base, {"fillId": str(fill), "applyFill": "1"}))
        return self.known[style, level]

    def write(self) -> None:
        if not self.added:
            return
        name = self.prefix
        fills = "".join(
            f'<{name}fill><{name}patternFill patternType="solid"><{name}fgColor rgb="{colour}"/><{name}bgColor '
            f'indexed="64"/></{name}patternFill></{name}fill>'
            for colour in _FILLS.values()
        )
        content = _appended(self.content, "fills", fills.encode(), len(_FILLS))
        content = _appended(content, "cellXfs", b"".join(self.added), len(self.added))
        self.package.set(self.path, content)
        if self.is_new:
            self.package.relate("xl/workbook.xml", "styles", "styles.xml")
            self.package.declare("xl/styles.xml", f"{CONTENT}.styles+xml")


_FILLS = {**COLOURS, "header": HEADER_COLOUR}
_EMPTY_STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _with_attributes(element: bytes, attributes: dict[str, str]) -> bytes:
    """The element with these attributes in its start tag, in the place of what they were."""
    end = element.index(b">")
    tag = element[:end]
    is_empty = tag.endswith(b"/")
    tag = tag.rstrip(b"/")
    for name, value in attributes.items():
        tag = re.sub(rb"\s" + name.encode() + rb"=(?:\"[^\"]*\"|'[^']*')", b"", tag)
        tag = tag.rstrip() + f' {name}="{value}"'.encode()
    return tag + (b"/" if is_empty else b"") + element[end:]


def _appended(content: bytes, tag: str, elements: bytes, count: int) -> bytes:
    """The part with elements added at the end of a counted list."""
    opening = re.search(rb"<(?:[\w-]+:)?" + tag.encode() + rb"\b[^>]*>", content)
    closing = re.search(rb"</(?:[\w-]+:)?" + tag.encode() + rb"\s*>", content)
    if opening is None or closing is None:
        raise RefusedError("file_damaged")
    counted = re.sub(
        rb"count=([\"'])(\d+)\1", lambda match: b'count="%d"' % (int(match[2]) + count), opening[0], count=1
    )
    return b"".join(
        [
            content[: opening.start()],
            counted,
            content[opening.end() : closing.start()],
            elements,
            content[closing.start() :],
        ]
    )


# ---- cells --------------------------------------------------------------------------------------


@dataclass
class _Place:
    """Where something stands in the sheet: its tag from `start` to `end`, and whether it has no content."""

    start: int
    end: int
    is_empty: bool
    style: int | None = None


@dataclass
class _Sheet:
    """What a pass over the XML of a sheet finds."""

    cells: dict[tuple[int, int], _Place] = field(default_factory=dict)
    rows: dict[int, _Place] = field(default_factory=dict)
    row_ends: dict[int, int] = field(default_factory=dict)
    columns: list[tuple[int, int, int]] = field(default_factory=list)
    next_cells: dict[tuple[int, int], int] = field(default_factory=dict)
    data: _Place | None = None
    data_end: int = 0
    legacy_drawing: str | None = None
    drawing_goes: int | None = None
    end: int = 0
    prefix: str = ""


class _Finder:
    """Finds the cells that are to be marked, and where those that are not there yet have to go."""

    def __init__(self, part: bytes, wanted: set[tuple[int, int]]) -> None:
        self.part, self.wanted = part, wanted
        self.wanted_rows: dict[int, list[int]] = {}
        for row, column in sorted(wanted):
            self.wanted_rows.setdefault(row, []).append(column)
        self.sheet = _Sheet()
        self.depth = self.row = self.column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.stop
        self.parser.Parse(part, True)

    def _tag(self, style: str | None = None) -> _Place:
        start = self.parser.CurrentByteIndex
        end = self.part.index(b">", start) + 1
        return _Place(start, end, self.part[end - 2 : end - 1] == b"/", int(style) if style else None)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        name = tag.rpartition(":")[2]
        if name == "c":
            self.column += 1
            address = CELL_ADDRESS.fullmatch(attributes.get("r", ""))
            if address is not None:
                self.row, self.column = int(address[2]), column_number(address[1])
            if self.row in self.wanted_rows:
                self._cell(attributes)
        elif name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            self.sheet.rows[self.row] = self._tag(attributes.get("s"))
        elif name == "col":
            self.sheet.columns.append(
                (int(attributes["min"]), int(attributes["max"]), int(attributes.get("style", "0")))
            )
        elif name == "sheetData":
            self.sheet.data = self._tag()
            self.sheet.prefix = tag[: -len(name)]
        elif self.depth == 2:
            self._after_data(name, attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        place = self.parser.CurrentByteIndex
        if (self.row, self.column) in self.wanted:
            self.sheet.cells[self.row, self.column] = self._tag(attributes.get("s", "0"))
        for column in self.wanted_rows[self.row]:
            if column < self.column:
                self.sheet.next_cells.setdefault((self.row, column), place)

    def _after_data(self, name: str, attributes: dict[str, str]) -> None:
        if name == "legacyDrawing":
            self.sheet.legacy_drawing = next((v for k, v in attributes.items() if k.endswith(":id")), None)
        elif name in AFTER_LEGACY_DRAWING and self.sheet.drawing_goes is None and self.sheet.data_end:
            self.sheet.drawing_goes = self.parser.CurrentByteIndex

    def stop(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.sheet.row_ends[self.row] = self.parser.CurrentByteIndex
        elif name == "sheetData":
            self.sheet.data_end = self.parser.CurrentByteIndex
        elif self.depth == 1:
            self.sheet.end = self.parser.CurrentByteIndex
        self.depth -= 1


def _mark_sheet(package: _Package, path: str, marks: list[Mark], styles: _Styles) -> None:
    """Colour and comment the cells of one sheet."""
    part = package.get(path)
    if part is None or part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise RefusedError("file_damaged")
    by_cell: dict[tuple[int, int], Mark] = {}
    for given in marks:
        address = CELL_ADDRESS.fullmatch(given.cell)
        if address is not None:
            place = int(address[2]), column_number(address[1])
            by_cell[place] = _together(by_cell.get(place), given)
    if not by_cell:
        return
    sheet = _Finder(part, set(by_cell)).sheet
    if sheet.data is None:
        raise RefusedError("file_damaged")
    edits = _cell_edits(part, sheet, by_cell, styles)
    commented = dict(sorted(by_cell.items())[:MOST_COMMENTS])
    edits += _comment_edits(package, path, sheet, commented)
    package.set(path, spliced(part, edits))


def _together(before: Mark | None, given: Mark) -> Mark:
    """Two marks at one cell as one; an error goes before a warning."""
    if before is None:
        return given
    level = "error" if "error" in {before.level, given.level} else "warning"
    return Mark(given.cell, level, f"{before.text}\n{given.text}")


def _cell_edits(part: bytes, sheet: _Sheet, by_cell: dict[tuple[int, int], Mark], styles: _Styles) -> list[Edit]:
    """A colour for cells that are there; cells that are not there yet, in their colour."""
    edits: list[Edit] = []
    new_rows: dict[int, list[bytes]] = {}
    for (row, column), given in sorted(by_cell.items()):
        cell = sheet.cells.get((row, column))
        if cell is not None:
            style = styles.marked(cell.style or 0, given.level)
            edits.append(Edit(cell.start, cell.end, _with_attributes(part[cell.start : cell.end], {"s": str(style)})))
            continue
        style = styles.marked(_style_of_empty(sheet, row, column), given.level)
        element = f'<{sheet.prefix}c r="{given.cell.upper()}" s="{style}"/>'.encode()
        if row not in sheet.rows:
            new_rows.setdefault(row, []).append(element)
        elif (row, column) in sheet.next_cells:
            place = sheet.next_cells[row, column]
            edits.append(Edit(place, place, element))
        elif not sheet.rows[row].is_empty:
            edits.append(Edit(sheet.row_ends[row], sheet.row_ends[row], element))
        else:
            new_rows.setdefault(row, []).append(element)
    return edits + _row_edits(part, sheet, new_rows)


def _style_of_empty(sheet: _Sheet, row: int, column: int) -> int:
    """The style that an empty cell has from its row or column."""
    row_style = sheet.rows[row].style if row in sheet.rows else None
    if row_style is not None:
        return row_style
    return next((style for first, last, style in sheet.columns if first <= column <= last), 0)


def _row_edits(part: bytes, sheet: _Sheet, new_rows: dict[int, list[bytes]]) -> list[Edit]:
    """Rows that were not there, or had no cells, with theirs."""
    name, data = sheet.prefix, sheet.data or _Place(0, 0, is_empty=False)
    edits: list[Edit] = []
    if data.is_empty:
        rows = b"".join(_row(name, row, cells) for row, cells in sorted(new_rows.items()))
        opened = part[data.start : data.end - 2].rstrip() + b">"
        return [Edit(data.start, data.end, opened + rows + f"</{name}sheetData>".encode())]
    numbers = sorted(sheet.rows)
    for row, cells in sorted(new_rows.items()):
        place = sheet.rows.get(row)
        if place is not None:
            opened = part[place.start : place.end - 2].rstrip() + b">"
            edits.append(Edit(place.start, place.end, opened + b"".join(cells) + f"</{name}row>".encode()))
            continue
        following = next((number for number in numbers if number > row), None)
        where = sheet.data_end if following is None else sheet.rows[following].start
        edits.append(Edit(where, where, _row(name, row, cells)))
    return edits


def _row(prefix: str, number: int, cells: list[bytes]) -> bytes:
    return f'<{prefix}row r="{number}">'.encode() + b"".join(cells) + f"</{prefix}row>".encode()


# ---- comments -----------------------------------------------------------------------------------


def _comment_edits(package: _Package, path: str, sheet: _Sheet, by_cell: dict[tuple[int, int], Mark]) -> list[Edit]:
    """Add the comments and their shapes to the package; what that changes in the sheet itself."""
    folder = posixpath.dirname(path)
    relations = _relations(package.get(package.relations(path)) or b"")
    comments = next((target for kind, target, _id in relations if kind.endswith("/comments")), None)
    if comments is None:
        comments_path = package.free_name("xl/buurtwaarde_comments", ".xml")
        package.relate(path, "comments", posixpath.relpath(comments_path, folder))
        package.declare(comments_path, f"{CONTENT}.comments+xml")
        content = f'{XML}<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'.encode()
    else:
        comments_path = _target(folder, comments)
        found = package.get(comments_path)
        if found is None:
            raise RefusedError("file_damaged")
        content = found
    content, new = _with_comments(content, by_cell)
    package.set(comments_path, content)
    return _shape_edits(package, path, sheet, relations, new)


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")


def _relations(content: bytes) -> list[tuple[str, str, str]]:
    """Type, target and id of each relation."""
    found = []
    for element in re.findall(rb"<(?:[\w-]+:)?Relationship\s[^>]*>", content):
        attributes = {name: value for name, _quote, value in re.findall(rb"(\w+)=([\"'])(.*?)\2", element)}
        found.append(tuple(attributes.get(name, b"").decode() for name in (b"Type", b"Target", b"Id")))
    return [(kind, target, its_id) for kind, target, its_id in found]


def _with_comments(content: bytes, by_cell: dict[tuple[int, int], Mark]) -> tuple[bytes, list[tuple[int, int]]]:
    """The part with the comments added, and the cells that had none before. A comment of the user's own stays."""
    prefix_match = re.search(rb"<([\w-]+:)?commentList\b", content)
    if prefix_match is None:
        raise RefusedError("file_damaged")
    name = (prefix_match[1] or b"").decode()
    authors = re.search(rb"<(?:[\w-]+:)?authors\b[^>]*>(.*?)</(?:[\w-]+:)?authors>", content, re.DOTALL)
    author = 0 if authors is None else len(re.findall(rb"<(?:[\w-]+:)?author[\s>/]", authors[1]))
    content = _before_end(content, "authors", f"<{name}author>{AUTHOR}</{name}author>")
    new: list[tuple[int, int]] = []
    elements = []
    for place, given in by_cell.items():
        ref = given.cell.upper()
        said = f'<{name}r><{name}t xml:space="preserve">{_text(given.text[:LONGEST_COMMENT])}</{name}t></{name}r>'
        own = re.search(
            rb"<(?:[\w-]+:)?comment\s[^>]*\bref=[\"']" + ref.encode() + rb"[\"'][^>]*>.*?(?=</(?:[\w-]+:)?text>)",
            content,
            re.DOTALL,
        )
        if own is not None:
            said = said.replace('"preserve">', f'"preserve">\n\n{AUTHOR}: ', 1)
            content = content[: own.end()] + said.encode() + content[own.end() :]
            continue
        new.append(place)
        elements.append(
            f'<{name}comment ref="{ref}" authorId="{author}"><{name}text>{said}</{name}text></{name}comment>'
        )
    return _before_end(content, "commentList", "".join(elements)), new


def _text(text: str) -> str:
    return escape(NOT_IN_XML.sub("", text))


def _shape_edits(
    package: _Package,
    path: str,
    sheet: _Sheet,
    relations: list[tuple[str, str, str]],
    new: list[tuple[int, int]],
) -> list[Edit]:
    """The shapes in which a spreadsheet program shows comments."""
    shapes = "".join(
        VML_SHAPE.format(number=number, row=row - 1, column=column - 1)
        for number, (row, column) in enumerate(new, start=90_001)
    )
    folder = posixpath.dirname(path)
    own = next((target for _kind, target, its_id in relations if its_id == sheet.legacy_drawing), None)
    if sheet.legacy_drawing is not None and own is not None:
        drawing = package.get(_target(folder, own))
        place = -1 if drawing is None else drawing.rfind(b"</xml>")
        if drawing is None or place < 0:
            raise RefusedError("file_damaged")
        if b"_x0000_t202" not in drawing:
            shapes = VML_START[VML_START.index("<v:shapetype") :] + shapes
        package.set(_target(folder, own), drawing[:place] + shapes.encode() + drawing[place:])
        return []
    drawing_path = package.free_name("xl/drawings/buurtwaarde_vml", ".vml")
    package.set(drawing_path, f"{VML_START}{shapes}</xml>".encode())
    package.declare_vml()
    relation = package.relate(path, "vmlDrawing", posixpath.relpath(drawing_path, folder))
    element = f'<{sheet.prefix}legacyDrawing xmlns:bw="{TRANSITIONAL}" bw:id="{relation}"/>'
    where = sheet.end if sheet.drawing_goes is None else sheet.drawing_goes
    return [Edit(where, where, element.encode())]


# ---- the sheet that lists them ------------------------------------------------------------------


def _add_list(package: _Package, listing: dict[str, Any], styles: _Styles, taken: set[str]) -> None:
    """A sheet at the end with every problem, each leading to its cell."""
    book = package.get("xl/workbook.xml")
    if book is None:
        raise RefusedError("file_damaged")
    path = package.free_name("xl/worksheets/buurtwaarde", ".xml")
    package.set(path, _list_xml(listing, styles.marked(0, "header")).encode())
    package.declare(path, f"{CONTENT}.worksheet+xml")
    relation = package.relate("xl/workbook.xml", "worksheet", posixpath.relpath(path, "xl"))
    prefix = re.search(rb"<([\w-]+:)?sheets\b", book)
    name = (prefix[1] or b"").decode() if prefix else ""
    numbers = [int(number) for number in re.findall(rb"\bsheetId=[\"'](\d+)", book)]
    element = (
        f'<{name}sheet xmlns:bw="{TRANSITIONAL}" name={quoteattr(_free_sheet_name(listing["name"], taken))} '
        f'sheetId="{max(numbers, default=0) + 1}" bw:id="{relation}"/>'
    )
    package.set("xl/workbook.xml", _before_end(book, "sheets", element))


def _free_sheet_name(wanted: str, taken: set[str]) -> str:
    names = {name.casefold() for name in taken}
    candidates = [wanted, *(f"{wanted[: LONGEST_SHEET_NAME - 3]} {number}" for number in range(2, 100))]
    return next(name for name in candidates if name.casefold() not in names)


def _list_xml(listing: dict[str, Any], header_style: int) -> str:
    rows, links = [], []
    for number, texts in enumerate(listing["rows"], start=1):
        style = f' s="{header_style}"' if number == 1 else ""
        cells = "".join(
            f'<c r="{letter}{number}"{style} t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'
            for letter, text in zip("ABCDE", texts, strict=True)
        )
        rows.append(f'<row r="{number}">{cells}</row>')
        if number > 1 and CELL_ADDRESS.fullmatch(texts[2]):
            where = "'" + texts[1].replace("'", "''") + "'!" + texts[2]
            links.append(f'<hyperlink ref="C{number}" location={quoteattr(NOT_IN_XML.sub("", where))}/>')
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(listing["widths"], start=1)
    )
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        f'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{widths}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>{hyperlinks}</worksheet>"
    )
