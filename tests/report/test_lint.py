"""The lint: a sound document passes, and every planted claim that the checks do not allow is found."""

from __future__ import annotations

from copy import deepcopy

import pytest

from precursor.report.lint import UnsupportedClaimError, problems_of, require_supported
from precursor.report.marks import prior_dominated
from precursor.report.write import write_document


@pytest.fixture
def planted(data, made):
    """Copies of numbers and pages, to be spoilt."""
    return deepcopy(data), deepcopy(made)


def blocks(made, kind):
    return [block for section in made["sections"] for block in section["blocks"] if block["block"] == kind]


def test_a_sound_document_passes(data, made):
    assert problems_of(data, made) == []
    require_supported(data, made)


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [("converged", False, "not converged"), ("synthetic", True, "synthetic"), ("quick", True, "quick")],
)
def test_what_page_one_leaves_unsaid_is_found(planted, flag, value, said):
    data, made = planted
    data["run"][flag] = value
    assert f"page one does not say first: {said}" in problems_of(data, made)


def test_a_warning_below_the_number_comes_too_late(planted):
    data, made = planted
    data["run"]["quick"] = True
    made["sections"][0]["blocks"].append({"block": "callout", "title": "Quick.", "text": [], "says": ["quick"]})
    assert any("page one" in problem for problem in problems_of(data, made))


def test_no_better_than_the_prior_has_to_be_said(planted):
    data, made = planted
    data["headline"][0]["prior_dominated"] = True
    for block in made["sections"][0]["blocks"]:
        block["says"] = []
    blocks(made, "table")[0]["rows"][0]["mark"] = False
    blocks(made, "numbers")[0]["entries"][0]["value"] = "3 %"
    found = problems_of(data, made)
    assert "page one does not say first: no better than prior" in found
    assert any("table headline shows" in problem for problem in found)
    assert any("is shown unmarked" in problem for problem in found)


def test_missing_stamps_are_found_on_every_table_and_figure(planted):
    data, made = planted
    data["run"]["synthetic"] = True
    found = [problem for problem in problems_of(data, made) if "not stamped" in problem]
    assert len(found) == len(blocks(made, "table")) + len(blocks(made, "figure"))


def test_an_unmarked_number_of_the_priors_is_found_by_what_the_row_is_about(planted):
    data, made = planted
    name = next(iter(prior_dominated(data)))
    blocks(made, "table")[0]["rows"][0] |= {"about": [name], "mark": False}
    assert any(name in problem and "unmarked" in problem for problem in problems_of(data, made))


def test_an_unmarked_parameter_is_found_by_its_name_even_if_the_row_hides_what_it_is_about(planted):
    data, made = planted
    words = next(row["words"] for row in data["parameters"] if row["prior_dominated"])
    blocks(made, "table")[0]["rows"][0] |= {"cells": [[words], ["3 %"]], "about": [], "mark": False}
    assert any("unmarked" in problem for problem in problems_of(data, made))


def test_an_unmarked_figure_is_found(planted):
    data, made = planted
    figure = next(block for block in blocks(made, "figure") if block["name"] == "network")
    assert set(figure["about"]) & set(prior_dominated(data))
    figure["caption"] = ["Nothing is said."]
    assert any("figure network" in problem for problem in problems_of(data, made))


@pytest.mark.parametrize("claim", ["The headline is calibrated.", "These are well-calibrated numbers."])
def test_calibration_may_not_be_claimed(planted, claim):
    data, made = planted
    made["sections"][4]["blocks"].append({"block": "paragraph", "text": [claim], "says": [], "small": False})
    assert any("says calibrated" in problem for problem in problems_of(data, made))


def test_a_check_against_outcomes_needs_outcomes(planted):
    data, made = planted
    data["analyses"]["pooling"] = {"available": False, "reason": "none"}
    assert any("there are none" in problem for problem in problems_of(data, made))


def test_that_no_outcome_has_tested_the_headline_may_not_be_dropped(planted):
    data, made = planted
    for section in made["sections"]:
        for block in section["blocks"]:
            block["says"] = [claim for claim in block.get("says", []) if claim != "uncalibrated"]
    assert any("no outcome has tested" in problem for problem in problems_of(data, made))


def test_an_author_beside_a_number_is_our_reading(planted):
    data, made = planted
    table = next(block for block in blocks(made, "table") if block["id"] == "held-out")
    table["rows"][0]["cells"][0] = ["David W."]
    assert any("'our reading of'" in problem for problem in problems_of(data, made))


@pytest.mark.parametrize("kind", ["table", "figure"])
def test_a_number_without_a_source_is_found(planted, kind):
    data, made = planted
    blocks(made, kind)[0]["source"] = {"queries": []}
    assert any("has no source" in problem for problem in problems_of(data, made))


def test_a_figure_without_words_is_found(planted):
    data, made = planted
    blocks(made, "figure")[0]["alt"] = ""
    assert any("no alternative text" in problem for problem in problems_of(data, made))


@pytest.mark.parametrize("left_out", ["interval", "next_expert"])
def test_a_headline_number_never_stands_alone(planted, left_out):
    data, made = planted
    blocks(made, "numbers")[0]["entries"][0][left_out] = ""
    assert any("stands without" in problem for problem in problems_of(data, made))


def test_shares_that_do_not_sum_are_found(planted):
    data, made = planted
    data["pathways"]["pathways"][0]["existential_through"]["mean"] += 0.01
    assert problems_of(data, made) == ["pathways: the shares do not sum to the total"]


def test_every_problem_is_raised_at_once_and_nothing_is_written(data, tmp_path, monkeypatch):
    broken = deepcopy(data)
    broken["pathways"]["pathways"][0]["existential_through"]["mean"] += 0.01
    monkeypatch.setattr("precursor.report.sections.first._says", lambda _: [])
    with pytest.raises(UnsupportedClaimError) as caught:
        write_document(broken, tmp_path)
    assert caught.value.problems == ["pathways: the shares do not sum to the total"]
    assert list(tmp_path.iterdir()) == []
