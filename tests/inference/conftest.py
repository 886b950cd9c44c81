"""Small surveys on the network's own questions, the models built of them, and the latents of a model by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from precursor.elicitation.survey import Survey
from precursor.inference.answers.centres import STEP, Centres
from precursor.inference.decisions import Decisions
from precursor.inference.density.model import model_of
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import SurveyReader, open_reader
from tests.oracles.experts import Centre, Setting
from tests.survey_header import header

REPOSITORY = Path(__file__).parents[2]
Make = Callable[..., Survey]


@dataclass(frozen=True)
class Built:
    """A plan, its model, and its compiled log-density."""

    plan: Plan
    mode: str

    @cached_property
    def model(self):
        return model_of(self.plan)

    @cached_property
    def log_density(self) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
        return self.model.compile_logp(mode=self.mode)

    def at(self, latents: np.ndarray) -> float:
        """Return the model's log-density at a vector of latents."""
        return float(self.log_density({"standard_normal": latents}))

    def draws(self, seed: int, n: int, spread: float = 1.0) -> np.ndarray:
        """Return random latents, (n, latents)."""
        return spread * np.random.default_rng(seed).standard_normal((n, len(self.plan.layout.names)))

    def named(self, latents: np.ndarray) -> dict[str, float]:
        """Return a vector of latents by name."""
        return dict(zip(self.plan.layout.names, latents.tolist(), strict=True))

    @property
    def setting(self) -> Setting:
        """What the oracle takes as fixed."""
        plan = self.plan
        shared, placed = plan.observations.shared_questions, plan.observations.placed_questions
        errors = _centres(plan.shared_centres, shared, plan.shared_centres.location)
        if plan.decisions.shared_error == 0:
            in_widths = {name for name, here in zip(shared, plan.shared_centres.in_widths, strict=True) if here}
            errors = {name: centre for name, centre in errors.items() if name in in_widths}
        return Setting(
            plan.observations,
            plan.decisions,
            dict(zip(plan.quantities.names, plan.orientation.tolist(), strict=True)),
            errors,
            _centres(plan.placed_centres, placed, plan.placed_centres.loading),
        )


def _centres(centres: Centres, names: Sequence[str], where: np.ndarray) -> dict[str, Centre]:
    found = {}
    for i, row in enumerate(centres.leading.toarray()):
        leaders = [(names[j], row[j]) for j in np.flatnonzero(row) if j != i]
        if centres.well_answered[i]:
            found[names[i]] = Centre(where[i], STEP, *(leaders[0] if leaders else ()))
    return found


def built(surveys: Iterable[Survey], decisions: Decisions | None = None, mode: str = "FAST_COMPILE") -> Built:
    """Return a model; the default mode runs the operations' plain side and compiles at once."""
    return Built(plan_model(tuple(surveys), decisions), mode)


@pytest.fixture(scope="session")
def reader() -> SurveyReader:
    """The reader of the carried data folder."""
    return open_reader(REPOSITORY / "data")


@pytest.fixture(scope="session")
def make(reader: SurveyReader, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a survey of rows of its files, given as lines without the header."""

    def survey(id_: str, responses: str = "", **files: str) -> Survey:
        folder = tmp_path_factory.mktemp("surveys") / id_
        folder.mkdir()
        lexicon = 'lexicon = "lexicon.csv"\n' if "lexicon" in files else ""
        (folder / "survey.toml").write_text(header(id_) + lexicon, encoding="utf-8")
        heads = {
            "responses": "expert,question,form,answer,round",
            "experts": "expert,camp,group,person",
            "summaries": "group,question,n,median,q25,q75,ci95_low,ci95_high",
            "lexicon": "phrase,low,median,high,reason",
        }
        for name, text in {"responses": responses, **files}.items():
            if not text:
                continue
            lines = [line.strip() for line in text.strip().splitlines()]
            if name in heads:
                content, ending = "\n".join([heads[name], *lines]), "csv"
            else:
                content, ending = text, "toml"
            (folder / f"{name}.{ending}").write_text(content + "\n", encoding="utf-8")
        return reader.read(folder)

    return survey


MANY_QUESTIONS = """
[[question]]
id = "mix"
wording = "Share out."
query = "P(model_outcome | prosaic_paradigm=yes, tai_by_2100=yes)"
forms = ["distribution"]

[[question]]
id = "mix_frozen"
wording = "Share out, if frozen."
query = "P(model_outcome | prosaic_paradigm=yes, tai_by_2100=yes, train_deploy_regime=frozen)"
forms = ["distribution"]

[[question]]
id = "order"
wording = "In which order?"
query = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes)"
forms = ["ranking"]

[[question]]
id = "order_in_other_words"
wording = "Which comes first?"
query = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes)"
forms = ["ranking"]

[[question]]
id = "order_with_long_term_goals"
wording = "In which order, if long-term goals came?"
query = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes, long_term_goals=yes)"
forms = ["ranking"]

[[question]]
id = "aware"
wording = "Aware?"
query = "P(situationally_aware=yes | prosaic_paradigm=yes)"
forms = ["point"]

[[question]]
id = "unaware_if_revised"
wording = "Unaware?"
query = "P(situationally_aware=no | prosaic_paradigm=yes, objective_revision=between_phases)"
forms = ["point"]

[[question]]
id = "event"
wording = "Did it happen?"
seed = true
outcome = 1
forms = ["point", "bound", "quantiles"]

[[question]]
id = "other_event"
wording = "Did it not?"
seed = true
outcome = 0
forms = ["point"]

[[question]]
id = "how_many"
wording = "How many?"
seed = true
realised = 312.5
unit = "papers"
scale = "log"
forms = ["quantiles"]

[[question]]
id = "which_share"
wording = "Which share?"
seed = true
realised = 12.0
unit = "%"
scale = "linear"
forms = ["quantiles"]

[[question]]
id = "which_year"
wording = "When?"
seed = true
realised = 2024
unit = "year"
scale = "linear"
forms = ["quantiles"]

[[question]]
id = "which_month"
wording = "When?"
seed = true
realised = 7
unit = "month"
scale = "linear"
forms = ["quantiles"]
"""
_MANY_FORMS = """p0,mix,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%,
p1,mix,distribution,deceptive: 0.4; proxy: 0.4; base_goal: 0.2; not_goal_directed: 0,
p1,mix_frozen,distribution,deceptive: 0.21; proxy: 0.39; base_goal: 0.3; not_goal_directed: 0.1,
p0,order,ranking,base_goal_understood < goal_directed < long_term_goals,
p1,order,ranking,goal_directed < base_goal_understood = long_term_goals,
p0,order_in_other_words,ranking,base_goal_understood < long_term_goals,
judge,order_with_long_term_goals,ranking,goal_directed < long_term_goals < base_goal_understood,
p0,lr_alignment_faking_prompted,likelihood_ratio,3,
p1,lr_alignment_faking_prompted,likelihood_ratio,1.5 to 6,
p1,lr_no_scheming_in_scratchpads,likelihood_ratio,<1,
p2,aware,point,80%,
p2,unaware_if_revised,point,35%,
p3,aware,point,60%,
p3,existential_catastrophe_ever,chips,0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2,
p3,mix,distribution,deceptive: 10%; proxy: 20%; base_goal: 65%; not_goal_directed: 5%,
p0,event,point,70%,
p1,event,point,20%,
p1,event,quantiles,25%: 0.1; 75%: 0.4,
p2,other_event,point,5%,
p0,how_many,quantiles,5%: 100; 50%: 250; 95%: 500,
p1,how_many,quantiles,5%: 200; 50%: 240; 95%: 300,
p0,which_share,quantiles,5%: 2; 50%: 5; 95%: 30,
p0,which_year,quantiles,5%: 2020; 50%: 2023; 95%: 2025,
p1,which_year,quantiles,25%: 2025; 75%: 2030,
p0,which_month,quantiles,25%: 5; 75%: 6,"""


@pytest.fixture(scope="session")
def many_sided(make: Make) -> tuple[Survey, ...]:
    """Two surveys in which every part of the density is at work."""
    camps = ("skeptical", "concerned")
    people = [f"p{i}" for i in range(8)]
    experts = "\n".join(f"{name},{camps[i % 2]},lab,{name}" for i, name in enumerate(people))
    said = ("2%", "30%", "0.5%", "45%", "1%", "60%", "5%", "20%")
    everyone = "\n".join(f"{name},deceptive,point,{answer}," for name, answer in zip(people, said, strict=True))
    # Many answers to a second question on the same target: it follows the first.
    prosaic = "\n".join(
        f"{name},deceptive_if_prosaic,point,{answer}," for name, answer in zip(people[1:7], said, strict=False)
    )
    # A known quantity that many answered: its error is centred.
    year = "\n".join(
        f"{name},which_year,quantiles,5%: {2015 + i}; 50%: {2020 + i}; 95%: {2026 + i},"
        for i, name in enumerate(people[2:])
    )
    first = make(
        "first",
        f"""{everyone}
        {prosaic}
        p0,deceptive_if_prosaic,quantiles,5%: 0.001; 50%: 0.02; 95%: 0.2,
        p0,guard,bound,<10%,
        p0,human_extinction_by_2100,point,1%,
        p0,extinction_given_catastrophe,point,20%,
        p1,human_extinction_by_2100,point,12.5%,
        p1,extinction_given_catastrophe,verbal,likely,
        p1,existential_catastrophe_ever,verbal,likely,
        p2,existential_catastrophe_ever,verbal,unlikely,
        p1,hr_long_term_goals_given_awareness,point,5,
        p2,hr_long_term_goals_given_awareness,bound,>1,
        p3,understanding_pretraining,point,95%,
        p3,understanding_pretraining,quantiles,25%: 0.8; 75%: 0.99,
        p3,smoking_gun_if_deceptive,point,40%,
        p4,prosaic_paradigm_abandoned,bound,>20%,
        p5,p_goal_shift,point,70%,
        p5,catastrophe_from_power_seeking_by_2070,point,0%,
        outsider,existential_catastrophe_by_2100,point,15%,
        outsider,goal_directed_before_understanding,point,60%,
        {_MANY_FORMS}
        {year}""",
        questions=MANY_QUESTIONS,
        experts=f"{experts}\noutsider,,,outsider\njudge,,,judge",
        summaries="""everyone,human_extinction_by_2100,500,5%,1%,20%,,
        everyone,existential_catastrophe_by_2100,500,8%,,,,
        insiders,existential_catastrophe_by_2100,40,20%,,,15%,27%""",
    )
    second = make(
        "second",
        """p0,existential_catastrophe_by_2100,point,3%,
        p0,goal_directed_before_understanding,point,10%,
        visitor,existential_catastrophe_by_2100,point,33%,
        visitor,deceptive,point,~10%,
        p0,which_month,quantiles,25%: 4; 75%: 8,""",
        questions=MANY_QUESTIONS,
        experts="p0,skeptical,lab,p0\nvisitor,,street,visitor",
    )
    return first, second
