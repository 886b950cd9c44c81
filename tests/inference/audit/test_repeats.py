"""What is known of the carried forecasters' repeated answers, and what a repeat is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from precursor.inference.audit.claims import claims_of
from precursor.inference.audit.coherence import coherent, incoherences
from precursor.inference.audit.repeats import incoherent_repeats, median_spread, primary_claims, repeats

CRUXES = (
    "alignment_solution", "escalating_warning_shots", "evidence_of_misalignment", "power_seeking",
    "power_seeking_shutdown",
)  # fmt: skip
EXTINCTION = "P(human_extinction=yes)"


@pytest.fixture(scope="module")
def surveys(reader):
    return [reader.read("fri_adversarial_collaboration"), reader.read("fri_repeated_unconditionals")]


def _rows(surveys):
    """Each crux's two answers with the unconditional that was stated beside them (its round is the crux's number)."""
    plain, again = surveys
    said = {(j.expert, j.question): next(claims_of(plain, j)) for j in plain.judgements}
    for judgement in again.judgements:
        crux = CRUXES[judgement.round - 1]
        condition = said.get((judgement.expert, f"crux_{crux}"))
        given = said.get((judgement.expert, f"extinction_given_{crux}"))
        if condition and given:
            yield judgement.expert, crux, condition, given, next(claims_of(again, judgement))


def test_one_row_breaks_the_product_bound_and_two_just_meet_it(surveys):
    above, meets = [], []
    for expert, crux, condition, given, beside in _rows(surveys):
        product = condition.value * given.value
        if abs(product / beside.value - 1) < 1e-9:
            meets.append((expert, crux))
        elif product > beside.value:
            above.append((expert, crux))
    assert above == [("claire", "evidence_of_misalignment")]
    assert sorted(meets) == [("claire", "escalating_warning_shots"), ("hank", "evidence_of_misalignment")]


def test_the_audit_says_the_same_of_these_rows(surveys):
    below = {}
    for expert, crux, *three in _rows(surveys):
        found = incoherences(three)
        # Too high for the product is another law: P(U) <= P(crux) P(U | crux) + 1 - P(crux).
        if found and three[2].high < three[0].low * three[1].low:
            below[expert, crux] = found[0]
    assert list(below) == [("claire", "evidence_of_misalignment")]
    (found,) = below.values()
    assert {claim.judgement.row for claim in found.claims} == {48, 49, 14}
    rows = {(expert, crux): three for expert, crux, *three in _rows(surveys)}
    assert coherent(rows["claire", "escalating_warning_shots"])
    assert coherent(rows["hank", "evidence_of_misalignment"])


def test_people_asked_again_differ_by_a_tenth_in_log_odds(surveys):
    found = [one for one in repeats(surveys) if one.query == EXTINCTION]
    assert len(found) == 22
    assert round(median_spread(found), 2) == 0.11


def test_the_plain_statement_counts_and_a_repeat_is_tried_in_its_place(surveys):
    primary = primary_claims(surveys)["fri_claire"]
    (plain,) = [claim for claim in primary if claim.text == EXTINCTION]
    assert plain.judgement.survey == "fri_adversarial_collaboration"
    assert incoherences(primary) == ()
    claire = [replace(s, judgements=tuple(j for j in s.judgements if j.expert == "claire")) for s in surveys]
    again = incoherent_repeats(claire)["fri_claire"]
    repeated = {claim.judgement.row for one in again for claim in one.claims if claim.text == EXTINCTION}
    assert 14 in repeated
    assert all(any(c.judgement.survey == "fri_repeated_unconditionals" for c in one.claims) for one in again)


def test_two_forms_are_no_repeat_and_one_answer_is_none(make):
    survey = make(
        "forms",
        """a,human_extinction_by_2100,point,10%,1
        a,human_extinction_by_2100,bound,<20%,1
        b,human_extinction_by_2100,point,10%,1
        b,human_extinction_by_2100,point,20%,2
        c,human_extinction_by_2100,point,10%,1""",
    )
    (only,) = repeats([survey])
    assert only.judgements[0].expert == "b"
    assert only.spread == pytest.approx((2.1972245773 - 1.3862943611) / 2)
    assert median_spread([]) is None
