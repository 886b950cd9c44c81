"""The model's log-density against the experts' oracle, the laws it obeys, and its gradient."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, t

from precursor.elicitation.survey import Survey
from precursor.inference.answers.centres import CENTRED_FROM_UNITS
from precursor.inference.answers.rows import PULLS
from precursor.inference.answers.sharing import KINDS
from precursor.inference.decisions import Decisions
from precursor.inference.density.pointwise import pointwise
from precursor.inference.surveys import SurveyReader
from tests.inference.conftest import Built, Make, built
from tests.oracles import experts

Surveys = tuple[Survey, ...]


@pytest.fixture(scope="module")
def small(many_sided: Surveys) -> Built:
    return built(many_sided)


@pytest.fixture(scope="module")
def shipped(reader: SurveyReader) -> Built:
    surveys = [reader.read(name) for name in reader.ids]
    return built(survey for survey in surveys if survey.fit_by_default)


def test_the_small_surveys_have_every_part_of_the_density_at_work(small: Built) -> None:
    rows, plan = small.plan.observations.rows, small.plan
    assert {row.statement.censored for row in rows} == {"none", "below", "above"}
    assert any(row.statement.width for row in rows)
    assert any(row.quartile_range for row in rows)
    assert plan.observations.offsets
    assert plan.observations.indicators
    assert {-1.0, 1.0} < set(plan.orientation)
    assert small.setting.errors["deceptive"].follows is None
    assert small.setting.errors["deceptive_if_prosaic"].follows == "deceptive"
    assert {"deceptive", "which_year"} <= set(small.setting.errors)
    assert len({row.unit for row in rows if row.question.id == "deceptive" and row.unit.side}) >= CENTRED_FROM_UNITS
    assert {row.kind for row in rows} == set(PULLS)
    assert set(plan.sharing.kinds) == set(range(len(KINDS)))
    assert plan.observations.widths == ("p0",)
    assert {r.key for r in plan.observations.ranked} == {"order", "order_in_other_words", "order_with_long_term_goals"}
    faces = {row.key: (turn, row) for row, turn in zip(rows, plan.facing.turn, strict=True)}
    (one, plain), (other, reversed_) = faces["aware"], faces["unaware_if_revised"]
    assert plain.target == reversed_.target
    assert plain.faces_first_state == -reversed_.faces_first_state
    assert one == -other


def test_density_is_the_oracles(small: Built) -> None:
    for latents in small.draws(seed=1, n=6):
        assert small.at(latents) == pytest.approx(experts.log_density(small.setting, small.named(latents)), abs=1e-8)


def test_density_over_draws_is_the_models(small: Built) -> None:
    latents = small.draws(seed=13, n=5)
    over = pointwise(small.plan, latents).total + norm.logpdf(latents).sum(axis=1)
    np.testing.assert_allclose(over, [small.at(one) for one in latents], rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    "decisions",
    [
        Decisions(extremity=2.0, transfer=0.5),
        Decisions(extremity=0.5, shared_error=2.0, camp="concerned"),
        Decisions(shared_error=0.0, transfer=2.0),
        Decisions(amplified_error=1.0),
        Decisions(extremity=0.5, shared_error=2.0, amplified_error=0.5),
    ],
)
def test_density_is_the_oracles_under_other_decisions(many_sided: Surveys, decisions: Decisions) -> None:
    model = built(many_sided, decisions)
    for latents in model.draws(seed=2, n=2):
        assert model.at(latents) == pytest.approx(experts.log_density(model.setting, model.named(latents)), abs=1e-8)


@pytest.mark.parametrize(
    "decisions",
    [
        Decisions(extremity=2.0, camp="concerned"),
        Decisions(transfer=0.5, shared_error=0.0),
        Decisions(amplified_error=1.0),
    ],
)
def test_decisions_can_be_changed_without_building_anew(many_sided: Surveys, decisions: Decisions) -> None:
    changed, anew = built(many_sided), built(many_sided, decisions)
    before = [changed.at(latents) for latents in changed.draws(seed=21, n=3)]
    for name, value in decisions.values.items():
        changed.model[name].set_value(np.float64(value))
    for latents, unchanged in zip(changed.draws(seed=21, n=3), before, strict=True):
        assert changed.at(latents) == pytest.approx(anew.at(latents), abs=1e-9)
        assert abs(changed.at(latents) - unchanged) > 0.01


def test_density_of_the_shipped_surveys_is_the_oracles(shipped: Built) -> None:
    for latents in shipped.draws(seed=3, n=2):
        expected = experts.log_density(shipped.setting, shipped.named(latents))
        assert shipped.at(latents) == pytest.approx(expected, abs=1e-7)


def test_compiled_code_gives_the_same_density(many_sided: Surveys, small: Built) -> None:
    compiled = built(many_sided, mode="NUMBA")
    for latents in small.draws(seed=4, n=2):
        assert compiled.at(latents) == pytest.approx(small.at(latents), abs=1e-9)


def test_answers_switched_off_are_left_out(many_sided: Surveys) -> None:
    model = built(many_sided)
    observations = model.plan.observations
    rows = observations.rows
    off = [
        next(i for i, row in enumerate(rows) if row.statement.censored != "none"),
        next(i for i, row in enumerate(rows) if row.quartile_range > 0),
        next(i for i, row in enumerate(rows) if row.statement.phrase),
        next(i for i, row in enumerate(rows) if row.kind == "known"),
        *(i for i, row in enumerate(rows) if row.unit.id == "p6"),
        *(i for i, row in enumerate(rows) if row.unit.id == "p1" and row.question.id == "mix"),
        len(rows) + 1,
    ]
    assert len(rows) + 1 < len(observations.answers)
    active = np.ones(len(observations.answers))
    active[off] = 0.0
    model.model["answer_active"].set_value(active)
    for latents in model.draws(seed=5, n=4):
        expected = experts.log_density(model.setting, model.named(latents), switched_off=off)
        assert model.at(latents) == pytest.approx(expected, abs=1e-8)
        over = pointwise(model.plan, latents[None, :], active).total[0] + norm.logpdf(latents).sum()
        assert over == pytest.approx(expected, abs=1e-8)


def test_without_surveys_only_the_prior_is_left() -> None:
    prior = built([])
    (latents,) = prior.draws(seed=6, n=1)
    assert prior.at(latents) == pytest.approx(norm.logpdf(latents).sum(), abs=1e-10)


def _marginal_of_bound(model: Built, latents: np.ndarray) -> float:
    """Return the density with the one bound's latent integrated out, over that of the other latents."""
    (bound,) = [i for i, name in enumerate(model.plan.layout.names) if name.startswith("bound")]
    others = norm.logpdf(np.delete(latents, bound)).sum()

    def density(x: float) -> float:
        moved = latents.copy()
        moved[bound] = x
        return float(np.exp(model.at(moved) - others))

    return quad(
        density, -30.0, 2000.0, points=[-2.0, 0.0, 2.0, 6.0, 20.0, 100.0], limit=400, epsabs=1e-12, epsrel=1e-10
    )[0]


@pytest.mark.parametrize(("answer", "below"), [("<10%", True), (">70%", False)])
def test_a_bound_weighs_what_lies_beyond_it(make: Make, answer: str, below: bool) -> None:
    model = built([make("bounded", f"someone,guard,bound,{answer},")])
    (row,) = model.plan.observations.rows
    for latents in model.draws(seed=7, n=3):
        draw = experts.drawn(model.setting, model.named(latents))
        scale = np.sqrt(experts.covariance(model.setting, draw, (0, row), (0, row)))
        sign = model.setting.turn(row)
        distance = sign * (row.statement.location - sign * experts.location(model.setting, draw, row)) / scale
        beyond = t.cdf(sign * distance, 4) if below else t.sf(sign * distance, 4)
        assert _marginal_of_bound(model, latents) == pytest.approx(beyond, rel=1e-7)


def test_a_bound_that_rules_hardly_anything_out_moves_little(make: Make) -> None:
    weak, strong = (built([make("weak", f"someone,guard,bound,{answer},")]) for answer in ("<99.99%", "<5%"))
    latents = np.zeros(len(weak.plan.layout.names))
    assert 0.99 < _marginal_of_bound(weak, latents) < 1.0
    assert _marginal_of_bound(strong, latents) < 0.3


QUESTION = """
[[question]]
id = "{id}"
wording = "How probable is it?"
query = "P({event} | {given})"
forms = ["point", "quantiles", "bound", "verbal", "chips"]
"""
CASES = {
    "catastrophe": ("existential_catastrophe", "tai_by_2100=yes"),
    "given_strong": ("existential_catastrophe", "tai_by_2100=yes, governance=strong"),
    "aware": ("situationally_aware", "prosaic_paradigm=yes"),
}


def _asked(make: Make, complemented: frozenset[str]) -> Built:
    """Return the model of one survey whose named questions ask for the complement, and are answered so."""
    no, yes = "no", "yes"
    questions = "".join(
        QUESTION.format(id=id_, event=f"{node}={no if id_ in complemented else yes}", given=given)
        for id_, (node, given) in CASES.items()
    )
    answers = {
        ("p0", "catastrophe", "point"): ("2%", "98%"),
        ("p0", "given_strong", "point"): ("0.7%", "99.3%"),
        ("p0", "aware", "quantiles"): ("5%: 0.1; 50%: 0.4; 95%: 0.6", "5%: 0.4; 50%: 0.6; 95%: 0.9"),
        ("p1", "catastrophe", "bound"): ("<10%", ">90%"),
        ("p1", "given_strong", "point"): ("8%", "92%"),
        ("p1", "aware", "bound"): (">50%", "<50%"),
        **{(f"p{i}", "aware", "point"): (f"{10 * i}%", f"{100 - 10 * i}%") for i in range(2, 9)},
    }
    rows = [
        f"{who},{question},{form},{said[question in complemented]}," for (who, question, form), said in answers.items()
    ]
    people = "\n".join(f"p{i},{('skeptical', 'concerned')[i % 2]},lab,p{i}" for i in range(9))
    return built([make("asked", "\n".join(rows), questions=questions, experts=people)])


@pytest.mark.parametrize("complemented", [{"aware"}, {"catastrophe"}, {"given_strong", "aware"}, set(CASES)])
def test_asking_for_the_complement_changes_nothing(make: Make, complemented: set[str]) -> None:
    plain, turned = _asked(make, frozenset()), _asked(make, frozenset(complemented))
    assert plain.plan.layout.names == turned.plan.layout.names
    for latents in plain.draws(seed=8, n=3):
        assert turned.at(latents) == pytest.approx(plain.at(latents), abs=1e-8)


def test_asking_for_the_complement_without_turning_the_answer_is_noticed(make: Make) -> None:
    answers = "p0,catastrophe,point,20%,"
    models = [
        built(
            [make("asked", answers, questions=QUESTION.format(id="catastrophe", event=event, given="tai_by_2100=yes"))]
        )
        for event in ("existential_catastrophe=yes", "existential_catastrophe=no")
    ]
    (latents,) = models[0].draws(seed=9, n=1)
    assert abs(models[0].at(latents) - models[1].at(latents)) > 0.01


def test_order_of_experts_and_answers_does_not_matter(make: Make) -> None:
    answers = [f"p{i},{question},point,{5 + 7 * i + 3 * j}%," for i in range(5) for j, question in enumerate(
        ("deceptive", "human_extinction_by_2100", "guard"))]  # fmt: skip
    shuffled = np.random.default_rng(10).permutation(answers).tolist()
    one, other = (built([make("ordered", "\n".join(lines))]) for lines in (answers, shuffled))
    for latents in one.draws(seed=11, n=3):
        assert other.at(latents) == pytest.approx(one.at(latents), abs=1e-9)


def test_gradient_is_that_of_the_density(small: Built) -> None:
    gradient = small.model.compile_dlogp(mode="FAST_COMPILE")
    for latents in small.draws(seed=12, n=2, spread=0.7):
        found = gradient({"standard_normal": latents})
        expected = _differences(small, latents)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * max(1.0, np.abs(expected).max() / 100))


def _differences(model: Built, latents: np.ndarray) -> np.ndarray:
    """Return central differences of the density over draws, each extrapolated from two step sizes."""

    def density(points: np.ndarray) -> np.ndarray:
        return pointwise(model.plan, points).total + norm.logpdf(points).sum(axis=1)

    slopes = []
    for h in (4e-4, 2e-4):
        steps = h * np.eye(len(latents))
        slopes.append((density(latents + steps) - density(latents - steps)) / (2 * h))
    return (4 * slopes[1] - slopes[0]) / 3
