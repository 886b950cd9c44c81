"""A sheet of questions as an Excel workbook: drop-downs, protected wording, instructions; the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from precursor.elicitation.sheet_names import ANSWERS, INSTRUCTIONS, LISTS
from precursor.elicitation.template import EXPLAINED, SheetRow

HEADER = ("question", "wording", "form", "answer", "comment", "how_to_answer")
HEADER_ROW = 3
_WIDTHS = {"question": 24, "wording": 70, "form": 14, "answer": 30, "comment": 30, "how_to_answer": 60, "round": 8}
_MOST_INLINE = 255
_ROW_HEIGHT, _TALLEST = 15, 400
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_INSTRUCTIONS = (
    "Type an alias in the yellow cell at the top of the sheet 'Answers', not your name.",
    "For each question choose the form of your answer (a list opens in the cell), then type the answer.",
    "A blank answer means that you decline to answer. You may say why, or anything else, under 'comment'.",
    "Decimals take a point: 0.5, not 0,5. Write 2% or 0.02, never a bare 2 for two percent.",
    "How each form is typed:",
)


def template_xlsx(
    rows: Sequence[SheetRow], phrases: Sequence[str], expert: str = "", round_: int | None = None
) -> bytes:
    """Return a workbook for one expert; ``phrases`` are what the drop-downs of verbal answers offer."""
    from openpyxl import Workbook  # noqa: PLC0415  (heavy, and needed for workbooks only)

    book = Workbook()
    _answers(book.active, rows, len(phrases), expert, round_)
    _instructions(book.create_sheet(INSTRUCTIONS), rows)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, phrase in enumerate(phrases, start=1):
        _write(lists.cell(number, 1), phrase)
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue())


def _answers(sheet: Any, rows: Sequence[SheetRow], phrases: int, expert: str, round_: int | None) -> None:  # noqa: ANN401
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet.title = ANSWERS
    columns = HEADER if round_ is None else (*HEADER, "round")
    yellow = PatternFill("solid", fgColor="FFF6D5")
    _write(sheet.cell(1, 1), "Expert", bold=True)
    _write(sheet.cell(1, 2), expert, fill=yellow, locked=False)
    _write(sheet.cell(1, 3), "an alias, not your name")
    for number, name in enumerate(columns, start=1):
        _write(sheet.cell(HEADER_ROW, number), name, bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS[name]
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        texts = {"question": row.question, "wording": row.wording, "form": row.form, "how_to_answer": row.how_to_answer}
        for number, name in enumerate(columns, start=1):
            cell, open_ = sheet.cell(line, number), name in ("form", "answer", "comment")
            text = str(round_) if name == "round" else texts.get(name, "")
            _write(cell, text, fill=yellow if open_ else None, locked=not open_, wrapped=True)
        lengths = (len(text) / _WIDTHS[name] for name, text in texts.items())
        sheet.row_dimensions[line].height = min(_TALLEST, _ROW_HEIGHT * (2 + int(max(lengths) * 1.1)))
    _validate(sheet, rows, phrases)
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 3)
    sheet.cell(HEADER_ROW, 1).font = Font(bold=True)
    sheet.protection.sheet = True
    # False: allowed. A second form of answer to a question takes a second row.
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.insertRows = False
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _validate(sheet: Any, rows: Sequence[SheetRow], phrases: int) -> None:  # noqa: ANN401
    """Add a drop-down of forms to each row, of phrases where they may be chosen, and the syntax as a hint."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    by_forms: dict[tuple[str, ...], Any] = {}
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        if row.forms not in by_forms:
            listed = DataValidation(type="list", formula1=f'"{",".join(row.forms)}"', allow_blank=True)
            listed.error, listed.errorTitle = f"One of {', '.join(row.forms)}", "Form"
            by_forms[row.forms] = listed
            sheet.add_data_validation(listed)
        by_forms[row.forms].add(sheet.cell(line, HEADER.index("form") + 1))
        hint = DataValidation(prompt=row.how_to_answer[:_MOST_INLINE], promptTitle="How to answer")
        hint.showInputMessage = True
        if "verbal" in row.forms and phrases:
            hint.type, hint.formula1 = "list", f"{LISTS}!$A$1:$A${phrases}"
            # A number may be typed as well, unless words are the only form.
            hint.showErrorMessage = row.forms == ("verbal",)
        sheet.add_data_validation(hint)
        hint.add(sheet.cell(line, HEADER.index("answer") + 1))


def _instructions(sheet: Any, rows: Sequence[SheetRow]) -> None:  # noqa: ANN401
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 90
    for line, text in enumerate(_INSTRUCTIONS, start=1):
        _write(sheet.cell(line, 1), text)
    used = [form for form in EXPLAINED if any(form in row.forms for row in rows)]
    for line, form in enumerate(used, start=len(_INSTRUCTIONS) + 1):
        _write(sheet.cell(line, 1), form, bold=True)
        _write(sheet.cell(line, 2), EXPLAINED[form], wrapped=True)
    sheet.protection.sheet = True


def _write(
    cell: Any,  # noqa: ANN401
    text: str,
    *,
    bold: bool = False,
    fill: Any = None,  # noqa: ANN401
    locked: bool = True,
    wrapped: bool = False,
) -> None:
    """Write a text as text: never a formula, and not to be turned into a date by whoever types over it."""
    from openpyxl.styles import Alignment, Font, Protection  # noqa: PLC0415

    if text:
        cell.value = _ILLEGAL.sub(" ", text)
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in tuple("=+-@")
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=wrapped, vertical="top")
    cell.protection = Protection(locked=locked)
    if bold:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill


_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _without_clock(content: bytes) -> bytes:
    """Return a workbook without the time at which it was made, in its properties and in the archive."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, part)
    return stream.getvalue()
