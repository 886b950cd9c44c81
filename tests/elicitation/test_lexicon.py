import csv
import math

import numpy as np
import pytest

from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.lexicon import load_lexicon, log_odds, read_survey_lexicon
from precursor.problems import InputError


def logit(p):
    return math.log(p / (1 - p))


def test_the_ends_are_taken_at_half_a_percent():
    assert (log_odds(0), log_odds(1)) == pytest.approx((logit(0.005), logit(0.995)))
    assert log_odds(0.001) == pytest.approx(logit(0.001))


def test_a_phrase_asked_of_people_lies_at_their_median(lexicon):
    meaning = lexicon["could happen"]
    assert meaning.source == "responses"
    assert meaning.location == pytest.approx(logit(0.4))
    assert meaning.sd == pytest.approx((logit(0.7) - logit(0.1)) / 3.29)


def test_a_phrase_that_scales_place_elsewhere_is_wider(lexicon):
    meaning = lexicon["unlikely"]
    middles = [0.2, 0.165, 0.325, 0.3, 0.25, 0.215]
    within = (logit(0.4) - logit(0.05)) / 3.29
    assert meaning.location == pytest.approx(logit(0.2))
    assert meaning.sd == pytest.approx(math.hypot(within, np.std([logit(p) for p in middles], ddof=1)))


def test_a_phrase_on_scales_alone_has_their_widest_range(lexicon):
    meaning = lexicon["very unlikely"]
    low, high = logit(0.005), logit(0.2)
    assert meaning.source == "scales"
    assert (meaning.location, meaning.sd) == pytest.approx(((low + high) / 2, (high - low) / 3.29))


def test_every_carried_phrase_has_a_meaning(lexicon, cases):
    folder = cases.parents[1] / "data" / "lexicon"
    phrases = set()
    for name in ("responses.csv", "scales.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            phrases |= {row["phrase"].lower() for row in csv.DictReader(file)}
    assert set(lexicon) == phrases
    assert all(np.isfinite(m.location) and m.sd > 0 and m.phrase == phrase for phrase, m in lexicon.items())


def test_a_broken_carried_lexicon_is_bad_input(tmp_path):
    (tmp_path / "responses.csv").write_text("phrase,q05,q50,q95\nlikely,0.6,70 percent,0.9\n")
    with pytest.raises(InputError) as caught:
        load_lexicon(tmp_path)
    assert [(p.file, p.row, p.column) for p in caught.value.problems] == [
        ("scales.csv", None, None),
        ("responses.csv", 2, "q50"),
    ]


@pytest.fixture
def read(tmp_path):
    def reading(*rows):
        findings = Findings()
        (tmp_path / "own.csv").write_text("\n".join(("phrase,low,median,high,reason", *rows)), encoding="utf-8")
        return read_survey_lexicon(tmp_path / "own.csv", Place(findings, "own.csv"))[0], findings.errors

    return reading


def test_a_survey_says_what_its_own_phrases_mean(read):
    meanings, errors = read("Big  Bucket,8%,0.5,0.85,no direction")
    assert not errors
    meaning = meanings["big bucket"]
    assert meaning.source == "survey"
    assert (meaning.location, meaning.sd) == pytest.approx((0, (logit(0.85) - logit(0.08)) / 3.29))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,0.1,0.05,0.2,r", None),
        ("x,0.2,0.2,0.2,r", None),
        ("x,0,0.001,0.004,r", None),
        ("x,0.1,0.2,0.3,", "reason"),
        ("x,0.1,lots,0.3,r", "median"),
        (",0.1,0.2,0.3,r", "phrase"),
    ],
)
def test_a_meaning_that_is_none(read, row, column):
    _, errors = read(row)
    assert [(problem.row, problem.column) for problem in errors] == [(2, column)]


def test_a_phrase_is_given_once(read):
    _, errors = read("x,0.1,0.2,0.3,r", "X,0.1,0.2,0.3,r")
    assert [(problem.row, problem.column) for problem in errors] == [(3, "phrase")]
