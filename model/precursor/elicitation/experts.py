"""``experts.csv``: who the experts are, in columns of the survey's choice (camp, institution, person, ...)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Place
from precursor.elicitation.tables import Columns, read_rows

COLUMNS = Columns(("expert",), ("person",), free=True)
Experts = Mapping[str, Mapping[str, str]]


def read_experts(source: SourceText, place: Place) -> Experts:
    """Return each expert's attributes, blank ones left out; what is wrong is noted at ``place``."""
    experts: dict[str, Mapping[str, str]] = {}
    rows: dict[str, int] = {}
    for row in read_rows(source, COLUMNS, place):
        name, here = row.cells["expert"], place.at(row=row.line, column="expert")
        attributes = {column: cell for column, cell in row.cells.items() if column != "expert" and cell}
        if not name:
            here.error("No expert is named.", "a name or alias")
        elif name in experts:
            here.error(f"The expert '{name}' stands there twice: first in row {rows[name]}.", "one row per expert")
        else:
            experts[name], rows[name] = MappingProxyType(attributes), row.line
    return MappingProxyType(experts)
