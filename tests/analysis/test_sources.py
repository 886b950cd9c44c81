from pathlib import Path

import numpy as np
import pytest

from precursor.analysis.disagreement.concessions import part_way
from precursor.analysis.opening import open_source, open_sources
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE
from precursor.analysis.settings import with_settings
from precursor.analysis.sources import (
    log_odds_over,
    natural_of,
    parse_single,
    probability_of,
    relevant,
    source_of_scenario,
    unconstrained_of,
)
from precursor.analysis.words.parameter_groups import GROUPS, beliefs_of, groups_of, latent_groups
from precursor.argument.answer import answer_at
from precursor.argument.scenario import make_scenario
from precursor.inference.scenarios import completed
from precursor.network.grammar import parse_query
from precursor.problems import InputError

ROOT = Path(__file__).parents[2]
OTHER = "P(goal_pointer=proxy, base_goal_understood@pretraining=no | situationally_aware=yes)"


def scenario(**regime):
    return make_scenario({"parameters": {"guard": 0, "p_goal_shift": 1, "drift": 0.2}, "regime": regime})


@pytest.mark.parametrize("name", ["argument", "critic"])
def test_a_scenario_answers_as_it_does_on_plain_numbers(name):
    source = open_source(name, ROOT)
    from precursor.elicitation.store import find_root
    from precursor.inference.scenarios import open_scenario

    plain = open_scenario(find_root(ROOT), name, source.indicators)
    for text in (DECEPTIVE, CATASTROPHE, OTHER):
        query = parse_query(text)
        found = probability_of(log_odds_over([query], source))[0, 0]
        assert found == pytest.approx(answer_at(query, plain, source.indicators), rel=1e-10)


def test_a_regime_is_certainty_and_an_open_assumption_is_averaged():
    for regime in ({}, {"train_deploy_regime": "continual_opposed", "goal_prompting": "no"}):
        made = scenario(**regime)
        source = source_of_scenario(made, {})
        query = parse_query(DECEPTIVE)
        assert probability_of(log_odds_over([query], source))[0, 0] == pytest.approx(
            answer_at(query, completed(made, {})), rel=1e-10
        )


def test_evidence_against_a_regime_and_certainties_are_errors():
    source = source_of_scenario(scenario(prosaic_paradigm="no"), {})
    with pytest.raises(InputError, match="probability zero"):
        log_odds_over([parse_query(DECEPTIVE)], source)
    certain = parse_query("P(prosaic_paradigm=no)")
    with pytest.raises(InputError, match="certain or impossible"):
        log_odds_over([certain], source)
    assert log_odds_over([certain], source, allow_certain=True)[0, 0] == np.inf


def test_values_go_there_and_back():
    space = source_of_scenario(scenario(), {}).space
    natural = space.natural(space.prior_draws(np.random.default_rng(1), 5))
    assert space.natural(unconstrained_of(space, natural)) == pytest.approx(natural)


def test_unknown_sources_are_named_together():
    with pytest.raises(InputError) as error:
        open_sources(["arguments", "critics"], ROOT)
    assert [problem.allowed.split(",")[0] for problem in error.value.problems] == [
        "did you mean 'argument'?",
        "did you mean 'critic'?",
    ] or len(error.value.problems) == 2


def test_every_parameter_is_in_one_group_and_every_latent_too():
    source = open_source("argument", ROOT)
    for parts, size in ((groups_of(source.space), len(source.space.names)), (beliefs_of(source.space), None)):
        together = np.concatenate(list(parts.values()))
        assert sorted(together) == list(range(size or len(source.space.names)))
    assert set(groups_of(source.space)) == set(GROUPS)
    latents = np.concatenate(list(latent_groups(source.space).values()))
    assert sorted(latents) == list(range(len(source.space.latents)))


def test_what_a_query_does_not_depend_on_does_not_move_it():
    source = open_source("argument", ROOT)
    query = parse_query(DECEPTIVE)
    rest = np.setdiff1d(np.arange(len(source.space.names)), relevant(query, source))
    moved = source.unconstrained.copy()
    moved[:, rest] += 1.0
    assert log_odds_over([query], source, moved) == log_odds_over([query], source)
    moved[:, relevant(query, source)] += 0.1
    assert log_odds_over([query], source, moved) != log_odds_over([query], source)


def test_the_way_from_one_to_another_ends_at_both_ends():
    a, b = open_sources(["argument", "critic"], ROOT)
    everything = np.arange(len(a.space.names))
    start = part_way(a.space, a.unconstrained, b.centre, everything, 0.0)
    assert a.space.natural(start) == pytest.approx(a.space.natural(a.unconstrained))
    assert (part_way(a.space, a.unconstrained, b.centre, everything, 1.0) == b.unconstrained).all()
    half = a.space.natural(part_way(a.space, a.unconstrained, b.centre, everything, 0.5))
    low, high = (np.minimum, np.maximum)
    ends = [a.space.natural(side.unconstrained) for side in (a, b)]
    assert (half >= low(*ends) - 1e-12).all()
    assert (half <= high(*ends) + 1e-12).all()


def test_settings():
    source = open_source("argument", ROOT)
    (row,) = with_settings(source, [DECEPTIVE], ["hr_awareness_given_long_term_goals=5", "guard=0.5"])["answers"]
    changed = {
        "hr_awareness_given_long_term_goals": 5.0,
        "guard": 0.5,
    }
    from dataclasses import replace

    from precursor.elicitation.store import find_root
    from precursor.inference.scenarios import open_scenario

    plain = open_scenario(find_root(ROOT), "argument", source.indicators)
    plain = replace(plain, parameters={**plain.parameters, **changed})
    assert row["after"]["mean"] == pytest.approx(answer_at(parse_query(DECEPTIVE), plain, source.indicators))
    assert row["before"]["mean"] == pytest.approx(0.0027064657, abs=1e-9)


@pytest.mark.parametrize(
    "setting", ["guards=0.5", "guard=2", "guard", "guard=x", "p_fine_tuning_objective.ai_feedback=0.5"]
)
def test_settings_that_are_refused(setting):
    with pytest.raises(InputError):
        with_settings(open_source("argument", ROOT), [DECEPTIVE], [setting])


def test_settings_that_are_one_name_and_part_of_another():
    with pytest.raises(InputError) as caught:
        with_settings(open_source("argument", ROOT), [DECEPTIVE], ["guard=0.5", "guard.high=0.5", "a=1", "a.b=1"])
    assert len(caught.value.problems) == 3


def test_single_quantities_only():
    with pytest.raises(InputError, match="not a probability"):
        parse_single("P(model_outcome)", {})
    query = parse_single("parameter(drift)", {})
    space = source_of_scenario(scenario(), {}).space
    assert natural_of(query, space, np.array([np.log(3.0)])) == pytest.approx(3.0)
