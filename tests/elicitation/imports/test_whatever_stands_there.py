"""Whatever stands in an export, it becomes a survey or an `InputError`."""

import shutil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from precursor.elicitation.imports.assemble import draft_mapping, import_survey
from precursor.elicitation.imports.mapping_text import mapping_text
from precursor.problems import InputError

EXPORT = 'Timestamp,id,deceptive,outcome[deceptive],order[1],hazard (%)\n1,ada,5%,10,"a, b",2\n2,bob,<1%,1-Feb,,3\n'
strays = st.sampled_from(
    [*',;"\n\t=+-@%<>[](){}0.', "1e999", "1e-400", "\u00a0", "\ufeff", "9" * 400, "\x00", "½", "NaN"]
)
edits = st.lists(st.tuples(st.integers(0, len(EXPORT)), strays, st.integers(0, 4)), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=edits, unit=st.sampled_from(["", "percent", "odds"]), decided=st.booleans())
def test_whatever_stands_there(edits, unit, decided, setting, load, tmp_path):
    text = EXPORT
    for position, stray, dropped in edits:
        text = text[:position] + stray + text[position + dropped :]
    export, mapping, out = tmp_path / "a.csv", tmp_path / "m.toml", tmp_path / "made"
    export.write_text(text, encoding="utf-8", newline="")
    shutil.rmtree(out, ignore_errors=True)
    try:
        made = mapping_text(draft_mapping([export], setting)).replace('unit = ""', f'unit = "{unit}"')
        lines = ("undecided = []" if decided and line.startswith("undecided") else line for line in made.split("\n"))
        mapping.write_text("\n".join(lines), encoding="utf-8")
        import_survey([export], mapping, out, setting, load)
    except InputError:
        assert not out.exists()
    else:
        assert load(out).id == "made"
