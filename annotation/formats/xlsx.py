"""Workbooks.

The cells come from calamine; what it does not tell, blank rows at the end and error cells, is read out of the
sheet itself.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

from defusedxml import DefusedXmlException, ElementTree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound, ZipError

from annotation.formats.archives import zip_checked
from annotation.formats.base import FormatError

ROW_START = b"<row "
ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:(?!</c>).)*?<v>([^<]{1,20})</v>', re.DOTALL
)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet_rows(stream: IO[bytes], options: Mapping[str, str]) -> Iterator[tuple[int, list[Any]]]:
    """Yield each row's number and cells, blank rows included: the first sheet, or the one `sheet` names.

    An empty cell is "" and one with a spreadsheet's error the text of the error, such as "#N/A". The
    workbook is held in memory, so what it unpacks to is checked first. Raises FormatError.
    """
    if not stream.seekable():
        stream = io.BytesIO(stream.read())
    zip_checked(stream)
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        name = options.get("sheet") or (workbook.sheet_names[0] if workbook.sheet_names else "")
        sheet = workbook.get_sheet_by_name(name)
        place = workbook.sheet_names.index(name)
    except PasswordError as error:
        raise FormatError("The workbook is protected by a password.") from error
    except WorksheetNotFound as error:
        raise FormatError(f"The workbook has no sheet “{options.get('sheet', '')[:100]}”.") from error
    except (CalamineError, ZipError, OSError) as error:
        raise FormatError(f"The workbook cannot be read: {str(error)[:200]}.") from error
    stream.seek(0)
    declared, errors = _scanned(stream, place)
    left = sheet.start[1] if sheet.start is not None else 0
    number = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row: list[Any] = list(cells)
        for column, text in errors.get(number, {}).items():
            if 0 <= column - left < len(row):
                row[column - left] = text
        yield number, row
    for blank in range(number + 1, declared + 1):
        yield blank, []


def _scanned(stream: IO[bytes], place: int) -> tuple[int, dict[int, dict[int, str]]]:
    """Return how many rows the sheet declares, and its error cells by row (from 1) and column (from 0)."""
    rows = 0
    errors: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(stream) as archive:
        part = _part(archive, place)
        if part is None:
            return 0, {}
        with archive.open(part) as sheet:
            rest = b""
            while True:
                piece = sheet.read(1 << 20)
                rest += piece
                cut = rest.rfind(ROW_START) if piece else len(rest)
                if cut < 0:
                    continue
                whole, rest = rest[:cut], rest[cut:]
                rows += whole.count(ROW_START)
                for cell in ERROR_CELL.finditer(whole):
                    errors.setdefault(int(cell[2]), {})[_column(cell[1])] = cell[3].decode("utf-8", "replace")
                if not piece:
                    return rows, errors


def _part(archive: zipfile.ZipFile, place: int) -> str | None:
    """Return the archive's member that holds the sheet at this place of the workbook."""
    try:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = [sheet.get(RELATION) for sheet in workbook.iter() if sheet.tag.endswith("}sheet")]
    target = targets.get(sheets[place], "") if place < len(sheets) else ""
    part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return part if part in archive.namelist() else None


def _column(letters: bytes) -> int:
    """Return the place of a column, counted from 0.

    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
