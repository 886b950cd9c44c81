"""The headline without someone: against a posterior that never heard of them, and silent where it cannot be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from precursor.inference.audit.leave_out import LeftOut, estimates, everyone_in_turn, without_each
from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.plan import plan_model
from tests.inference.audit.posteriors import Prior, prior_of

QUESTION = "human_extinction_by_2100"


@pytest.fixture(scope="module")
def fitted(make):
    surveys = (
        make(
            "ours",
            f"""a,{QUESTION},point,1%,
            b,{QUESTION},point,20%,
            b,extinction_given_catastrophe,point,50%,
            c,{QUESTION},bound,<5%,""",
            experts="a,skeptical,,a\nb,concerned,,b\nc,skeptical,,c\nsilent,concerned,,silent",
        ),
        make("theirs", summaries=f"public,{QUESTION},500,5%,1%,20%,,"),
    )
    plan = plan_model(surveys)
    prior = prior_of(plan, 3500, 3)
    everyone = everyone_in_turn(plan.observations)
    masks = [np.ones(len(plan.observations.answers)), *(one.mask for one in everyone)]
    densities = prior.audited.log_densities(masks)
    which = prior.chosen(densities[0], 2000, 4)
    return Fitted(prior, everyone, densities[1:], which, prior.posterior(which))


@dataclass(frozen=True)
class Fitted:
    prior: Prior
    everyone: tuple[LeftOut, ...]
    without: np.ndarray
    which: np.ndarray
    posterior: AuditedPosterior

    @property
    def logits(self) -> np.ndarray:
        """Log-odds of what was asked, in the place of the headline, (draw, quantity)."""
        return self.prior.quantities[self.which]


def test_everyone_is_left_out_once_and_who_said_nothing_is_nobody(fitted):
    assert {(one.kind, one.name.split("/")[-1]): one.answers for one in fitted.everyone} == {
        ("expert", "a"): 1, ("expert", "b"): 2, ("expert", "c"): 1, ("camp", "skeptical"): 2, ("camp", "concerned"): 2,
        ("survey", "ours"): 4, ("survey", "theirs"): 1, ("published_group", "public"): 1,
    }  # fmt: skip


def test_leaving_nobody_out_moves_nothing(fitted):
    nobody = LeftOut("expert", "silent", "silent", 0, np.ones(5))
    (found,) = without_each(fitted.posterior, fitted.logits, [nobody])
    assert found.method == "weights"
    np.testing.assert_allclose(found.estimates, estimates(fitted.logits), rtol=1e-12)
    np.testing.assert_allclose(found.errors, 0.0, atol=1e-12)


def test_weights_agree_with_a_posterior_of_the_others_alone(fitted):
    everyone = estimates(fitted.logits)
    compared, moved = 0, 0.0
    for one, log_density in zip(
        without_each(fitted.posterior, fitted.logits, fitted.everyone), fitted.without, strict=True
    ):
        if one.method != "weights":
            continue
        alone = fitted.prior.quantities[fitted.prior.chosen(log_density, 2000, 5)]
        direct = estimates(alone)
        # Far above the error of so many draws, and below the largest moves.
        tolerance = 0.2 * alone.std(axis=0)
        medians = [np.log(x[:, 2] / (1 - x[:, 2])) for x in (one.estimates, direct, everyone)]
        np.testing.assert_array_less(np.abs(medians[0] - medians[1]), tolerance)
        compared += 1
        moved = max(moved, float((np.abs(medians[0] - medians[2]) / tolerance).max()))
    assert compared >= 4
    assert moved > 1.5  # the check above would see answers that were not left out


def test_what_cannot_be_trusted_is_not_shown(fitted):
    class Heavy:
        plan = fitted.posterior.plan

        @staticmethod
        def log_densities(_masks):
            rng = np.random.default_rng(0)
            return np.stack([np.zeros(len(fitted.which)), 3 * np.abs(rng.standard_cauchy(len(fitted.which)))])

    someone = fitted.everyone[0]
    (silent,) = without_each(Heavy(), fitted.logits, [someone])
    assert silent.method == "none"
    assert silent.estimates is None
    asked = []

    def refit(mask, label):
        asked.append((mask, label))
        return fitted.logits + 1.0

    (again,) = without_each(Heavy(), fitted.logits, [someone], refit)
    assert again.method == "refit"
    np.testing.assert_allclose(again.estimates, estimates(fitted.logits + 1.0))
    assert asked[0][0] is someone.mask
    (failed,) = without_each(Heavy(), fitted.logits, [someone], lambda _mask, _label: None)
    assert failed.method == "none"


def test_densities_of_masks_are_sums_over_units(fitted):
    rows = fitted.posterior.plan.observations.rows
    masks = [np.ones(len(rows)), *np.eye(len(rows)), np.zeros(len(rows))]
    few = fitted.posterior.thinned(50)
    whole, *_, nothing = few.log_densities(masks)
    np.testing.assert_array_equal(nothing, 0.0)
    by_unit: dict[tuple[bool, str], np.ndarray] = {}
    for i, row in enumerate(rows):
        by_unit.setdefault((row.unit.is_group, row.unit.id), np.zeros(len(rows)))[i] = 1.0
    units = few.log_densities(list(by_unit.values()))
    np.testing.assert_allclose(units.sum(axis=0), whole, rtol=1e-10)
