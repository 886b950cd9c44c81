"""Studies in EXCALIBUR's format: read as they come, and refused with everything that is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from precursor.calibration.classical.excalibur import read_study
from precursor.calibration.classical.excalibur_lines import read_number
from precursor.problems import InputError

HEADER = "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95"


def assessment(expert, name, number, item, values, scale="UNI", question=""):
    """Return a line as EXCALIBUR lays it out."""
    shown = " ".join(f"{value: .5E}" for value in values)
    return f"{expert:5d} {name:>8} {number:4d} {item:>14} {scale} {shown} {question:>173} "


def known(number, item, value, scale="UNI"):
    return f"{number:5d} {item:>14} {value: .5E} {scale} "


DTT = [
    HEADER,
    assessment(1, "A. B", 1, "% of items  1", [1, 2, 3], question="How much, in 2008?"),
    assessment(1, "A. B", 2, "log dose", [10, 20, 30], "LOG"),
    assessment(1, "A. B", 3, "target", [-9.996e2] * 3),
    assessment(2, "C", 1, "% of items  1", [1.5, 2.5, 4]),
    assessment(2, "C", 2, "log dose", [-9.995e2] * 3, "LOG"),
    assessment(2, "C", 3, "target", [-5, 0, 5]),
]
RLS = [known(1, "% of items  1", 2.2), known(2, "log dose", 25, "LOG"), known(3, "target", -999.5)]


@pytest.fixture
def write(tmp_path):
    """Write the two files of a study, and return the path of the first."""

    def files(dtt=DTT, rls=RLS, *, names=("study.dtt", "study.rls"), end="\n", encoding="utf-8"):
        for name, lines in zip(names, (dtt, rls), strict=True):
            if lines is not None:
                (tmp_path / name).write_bytes((end.join(lines) + end).encode(encoding))
        return tmp_path / names[0]

    return files


def problems(path):
    with pytest.raises(InputError) as error:
        read_study(path)
    return error.value.problems


def test_a_study_as_excalibur_writes_it(write):
    study = read_study(write())
    assert study.experts == ("A. B", "C")
    assert study.items == ("% of items  1", "log dose", "target")
    assert study.levels == (0.05, 0.5, 0.95)
    assert study.scales == ("linear", "log", "linear")
    np.testing.assert_array_equal(study.quantiles[0], [[1, 2, 3], [10, 20, 30], [np.nan] * 3])
    np.testing.assert_array_equal(study.quantiles[1], [[1.5, 2.5, 4], [np.nan] * 3, [-5, 0, 5]])
    np.testing.assert_array_equal(study.realisations, [2.2, 25, np.nan])
    assert study.warnings == ()


@pytest.mark.parametrize("names", [("S.DTT", "S.RLS"), ("s.dtt", "S.Rls"), ("My study.Dtt", "my study.rls")])
def test_names_in_any_case(write, names):
    assert len(read_study(write(names=names)).items) == 3


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n  \n"])
def test_line_ends_blank_lines_and_the_end_of_a_dos_file(write, end):
    plain = read_study(write())
    odd = read_study(write([*DTT, "\x1a"], [*RLS, ""], end=end))
    np.testing.assert_array_equal(odd.quantiles, plain.quantiles)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_letters_of_other_alphabets(write, encoding):
    dtt = [line.replace("A. B", "Zoë ") for line in DTT]
    study = read_study(write(dtt, encoding=encoding))
    assert study.experts[0] == "Zoë"


def test_bytes_that_windows_does_not_know_are_latin_1(write):
    path = write()
    path.write_bytes(path.read_bytes().replace(b"A. B", b"A.\x81B"))
    assert read_study(path).experts[0] == "A.\x81B"


def test_tabs_commas_and_levels_in_any_order(write):
    dtt = [
        "* CLASS ASCII OUTPUT FILE. NQ=   3   QU=  50\t5 95,0",
        "    1\tA\t1\tone\tUNI\t2,0\t1,0\t3,5",
        "    2\tB\t1\tone\tuni\t5.0, 4.0, 6.0",
    ]
    study = read_study(write(dtt, ["1 one 2,5"]))
    assert study.levels == (0.05, 0.5, 0.95)
    np.testing.assert_array_equal(study.quantiles[:, 0], [[1, 2, 3.5], [4, 5, 6]])
    assert study.realisations.tolist() == [2.5]


def test_levels_as_shares_and_seven_of_them(write):
    levels = (0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9)
    header = f"* NQ= 7 QU= {' '.join(map(str, levels))}"
    study = read_study(write([header, assessment(1, "A", 1, "one", range(7))], [known(1, "one", 3)]))
    assert study.levels == levels


def test_a_word_of_an_items_name_may_be_log(write):
    study = read_study(write([HEADER, assessment(1, "A", 1, "uni log 5 UNI x", [1, 2, 3], "LOG")], [known(1, "x", 2)]))
    assert study.items == ("uni log 5 UNI x",)
    assert study.scales == ("log",)


def test_realisations_are_found_by_name_then_by_number(write):
    swapped = [known(2, "% of items  1", 2.2), known(1, "log dose", 25, "LOG"), known(9, "other", 7)]
    study = read_study(write(rls=swapped))
    assert study.realisations[:2].tolist() == [2.2, 25]
    assert ["Nobody was asked" in warning.message for warning in study.warnings] == [True]
    renamed = read_study(write(rls=[known(1, "items", 2.2), known(3, "target", 9, "LOG")]))
    np.testing.assert_array_equal(renamed.realisations, [2.2, np.nan, 9])
    assert [warning.row for warning in renamed.warnings] == [1, 2]


def test_an_answer_in_part_is_no_answer_and_equal_quantiles_are_noted(write):
    dtt = [*DTT[:6], assessment(2, "C", 3, "target", [-5, -999.6, 5]), assessment(3, "D", 3, "target", [1, 1, 2])]
    study = read_study(write(dtt))
    assert not study.answered[1, 2]
    assert study.answered[2].tolist() == [False, False, True]
    assert [(warning.row, "5% and 50%" in warning.message) for warning in study.warnings] == [(7, False), (8, True)]


def test_two_experts_of_one_name_stay_two(write):
    study = read_study(write([line.replace("       C", "    A. B") for line in DTT]))
    assert study.experts == ("A. B (1)", "A. B (2)")


def test_every_problem_at_once_with_line_and_quantile(write):
    dtt = [
        HEADER,
        assessment(1, "A", 1, "one", [3, 2, 5]),
        assessment(1, "A", 2, "two", [0, 2, 5], "LOG"),
        assessment(1, "A", 3, "three", [1, 2, 3]).replace("2.00000E+00", "two"),
        assessment(1, "A", 4, "four", [1, 2]).rstrip(),
        assessment(1, "A", 5, "five", [1, 2, 3], "XYZ"),
        assessment(2, "B", 1, "one", [1, 2, 3]),
        assessment(2, "B", 1, "one", [1, 2, 3]),
        assessment(2, "B", 2, "two", [1, 2, 3, 4]),
        "nothing of the kind",
        "UNI 1 2 3",
    ]
    rls = [known(1, "one", 2), "2 two", known(3, "three", -1, "LOG"), known(1, "one", 3)]
    found = problems(write(dtt, rls))
    assert [(p.file, p.row, p.column) for p in found] == [
        ("study.dtt", 2, "50%"),
        ("study.dtt", 3, "5%"),
        ("study.dtt", 4, "50%"),
        ("study.dtt", 5, "95%"),
        ("study.dtt", 6, None),
        ("study.dtt", 8, None),
        ("study.dtt", 9, None),
        ("study.dtt", 10, None),
        ("study.dtt", 11, None),
        ("study.rls", 2, None),
        ("study.rls", 3, None),
        ("study.rls", 4, None),
    ]
    assert all(p.allowed for p in found)


@pytest.mark.parametrize(
    "header",
    ["no header", "* NQ= 3 QU= 5 50", "* NQ= 3 QU= 5 fifty 95", "* NQ=3 QU= 5 5 95", "* NQ=3 QU= 0 50 95", "QU="],
)
def test_headers_without_levels(write, header):
    (problem,) = problems(write([header, *DTT[1:]]))
    assert (problem.file, problem.row) == ("study.dtt", 1)


def test_files_that_are_none(write, tmp_path):
    assert problems(tmp_path / "study.csv")[0].allowed == "a .dtt file"
    assert len(problems(tmp_path / "study.dtt")) == 2
    assert "realisations is missing" in problems(write(rls=None))[0].message
    (tmp_path / "study.rls").write_bytes(b"")
    assert "empty" in problems(tmp_path / "study.dtt")[0].message
    (tmp_path / "study.dtt").write_bytes("UTF-16".encode("utf-16"))
    assert any("binary" in problem.message for problem in problems(tmp_path / "study.dtt"))
    assert "no assessments" in problems(write([HEADER]))[0].message


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_numbers_come_back(value, comma):
    text = f"{value:.17E}"
    assert read_number(text.replace(".", ",") if comma else text) == value


@pytest.mark.parametrize("text", ["", "x", "1.0.0", "1,000.5", "nan", "inf", "1e", "--1", "1_0", "٣", "1e999"])
def test_what_is_no_number(text):
    assert read_number(text) is None


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_the_files_hold_they_are_read_or_refused(write, data):
    files = []
    for lines in (DTT, RLS):
        text = bytearray("\n".join(lines).encode())
        for _ in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(text) - 1))
            text[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
            text = text or bytearray(b" ")
        files.append(bytes(text))
    path = write()
    path.write_bytes(files[0])
    path.with_suffix(".rls").write_bytes(files[1])
    study, refused = None, None
    try:
        study = read_study(path)
    except InputError as error:
        refused = error
    if refused is not None:
        assert {problem.file for problem in refused.problems} <= {"study.dtt", "study.rls"}
    else:
        assert study.quantiles.shape == (len(study.experts), len(study.items), 3)
