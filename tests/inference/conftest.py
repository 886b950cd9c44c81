"""Small surveys on the network's own questions, the models built of them, and the latents of a model by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from precursor.elicitation.survey import Survey
from precursor.inference.decisions import Decisions
from precursor.inference.model import model_of
from precursor.inference.plan import Plan, plan_model
from precursor.inference.shared_questions import _STEP, centres
from precursor.inference.surveys import SurveyReader, open_reader
from tests.oracles.experts import Centre, Setting

REPOSITORY = Path(__file__).parents[2]
HEADER = """
title = "A survey"
population = "people"
protocol = "single_round"
elicited = "May 2024"
source = "made up"
licence = "CC0"
synthetic = true
fit_by_default = false
"""
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
        plan, names = self.plan, self.plan.observations.placed_questions
        centre = centres(plan, names)
        leaders = [[names[j] for j in np.flatnonzero(row) if j != i] for i, row in enumerate(centre.leading)]
        return Setting(
            plan.observations,
            plan.decisions,
            dict(zip(plan.quantities.names, plan.orientation.tolist(), strict=True)),
            {
                name: Centre(centre.location[i], centre.loading[i], _STEP, *leaders[i])
                for i, name in enumerate(names)
                if centre.well_answered[i]
            },
        )


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
        (folder / "survey.toml").write_text(f'id = "{id_}"\n{HEADER}{lexicon}', encoding="utf-8")
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
        outsider,goal_directed_before_understanding,point,60%,""",
        experts=f"{experts}\noutsider,,,outsider",
        summaries="""everyone,human_extinction_by_2100,500,5%,1%,20%,,
        everyone,existential_catastrophe_by_2100,500,8%,,,,
        insiders,existential_catastrophe_by_2100,40,20%,,,15%,27%""",
    )
    second = make(
        "second",
        """p0,existential_catastrophe_by_2100,point,3%,
        p0,goal_directed_before_understanding,point,10%,
        visitor,existential_catastrophe_by_2100,point,33%,
        visitor,deceptive,point,~10%,""",
        experts="p0,skeptical,lab,p0\nvisitor,,street,visitor",
    )
    return first, second
