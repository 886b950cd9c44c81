"""The probability of any conjunction of events, exactly, in any algebra.

The network factors at the model's outcome: upstream of it stands the training chain under the assumptions, downstream
a small discrete network.  So the mass of a case is

    sum over outcomes of  (mass of the chain's part of the case that ends in the outcome)
                        x (probability of the downstream part given the outcome),

the first by propagation (`emergence.training`), the second by variable elimination (`exact.elimination`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from precursor.argument.downstream import (
    PARENTS,
    IndicatorEvent,
    indicator_chances,
    indicator_table,
    root_factor,
    table,
)
from precursor.argument.events import CHAIN, Case, Constraint, Variable, phases_of, reading, scheming_prone
from precursor.argument.nodes import ASSUMPTIONS, DOWNSTREAM, MODEL_OUTCOME, OUTCOMES, YES_NO
from precursor.emergence.histories import DEPLOYMENT, GOAL_POINTER, PHASES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.emergence.state_space import StateSpace
from precursor.emergence.training import ADVERSARIAL, USED_UP_TO, Profile, Setting, Training
from precursor.exact.algebra import Algebra, Scalar
from precursor.exact.elimination import eliminate
from precursor.exact.factor import Factor
from precursor.problems import InputError

MOST_CHAIN_INDICATORS = 10

Interventions = Mapping[str, str]


@dataclass
class Marginal:
    """Computes the mass of cases on one algebra, keeping what they share.

    Parameters
    ----------
    algebra
        Numbers, or a recorder of circuits.
    space
        State space of the training chain, fine enough for every case that will be asked.
    indicators
        By indicator, the event it bears on.
    """

    algebra: Algebra
    space: StateSpace
    indicators: Mapping[str, Constraint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set up what is kept between cases."""
        self.training = Training(self.algebra, self.space)
        self._tables: dict[str, Factor] = {}
        self._downstream: dict[object, Factor] = {}
        self._outcomes: dict[object, tuple[dict[str, Scalar], Scalar]] = {}

    def mass(self, case: Case, do: Interventions) -> Scalar:
        """Return the probability of the case under the interventions; ``None`` if it is structurally impossible."""
        if case.impossible or any(not self._compatible(case, node, state) for node, state in do.items()):
            return None
        case = self._without_set_indicators(case, do)
        upstream = self._upstream_indicators(case)
        if not upstream:
            return self._mass(case, do)
        return self._split_on(upstream[0], case, do)

    def _compatible(self, case: Case, node: str, state: str) -> bool:
        allowed = case.allowed.get(Variable(node))
        return allowed is None or state in allowed

    def _without_set_indicators(self, case: Case, do: Interventions) -> Case:
        """Return the case without indicators that are set: they are certain, and tell nothing of their events."""
        set_here = {node for node in do if node in self.indicators}
        return Case({v: states for v, states in case.allowed.items() if v.node not in set_here}) if set_here else case

    def _upstream_indicators(self, case: Case) -> list[str]:
        """Return the indicators in the case whose event is not downstream of the outcome, those that others read last.

        What an indicator adds to its event can be split off only when nothing in the case reads the indicator.
        """
        named = [variable.node for variable in case.allowed if variable.node in self.indicators]
        found = [name for name in named if not self._is_below(Variable(name))]
        found.sort(key=self._depth, reverse=True)
        if len(found) > MOST_CHAIN_INDICATORS:
            raise InputError(f"A query may hold at most {MOST_CHAIN_INDICATORS} indicators of the training chain.")
        return found

    def _depth(self, indicator: str) -> int:
        """Return how many indicators stand between an indicator and the rest of the network."""
        above = self.indicators[indicator].variable.node
        return 1 + self._depth(above) if above in self.indicators else 0

    def _is_below(self, variable: Variable) -> bool:
        """Return whether a variable is the outcome, downstream of it, or an indicator of such a thing."""
        if variable.node in self.indicators:
            return self._is_below(self.indicators[variable.node].variable)
        return variable.node in DOWNSTREAM or variable.node == MODEL_OUTCOME

    def _split_on(self, indicator: str, case: Case, do: Interventions) -> Scalar:
        """Sum over whether the indicator's event happened; given that, the indicator is independent of the rest."""
        algebra, event = self.algebra, self.indicators[indicator]
        allowed = case.allowed[Variable(indicator)]
        rest = Case({variable: states for variable, states in case.allowed.items() if variable.node != indicator})
        terms = []
        for constraint, holds in ((event, True), (event.negated(self.indicators), False)):
            chances = zip(YES_NO, indicator_chances(algebra, indicator, holds), strict=True)
            seen = algebra.total([chance for state, chance in chances if state in allowed])
            terms.append(algebra.product(seen, self.mass(rest.with_constraint(constraint), do)))
        return algebra.total(terms)

    def _mass(self, case: Case, do: Interventions) -> Scalar:
        algebra = self.algebra
        below = self._below(case, do)
        needs_outcome = MODEL_OUTCOME in below.variables or Variable(MODEL_OUTCOME) in case.allowed
        if MODEL_OUTCOME in do or not needs_outcome:
            upstream = self._chain_mass(case, do)
            paradigm = self._weight_of(case, do, "prosaic_paradigm")
            return algebra.product(upstream, paradigm, self._below_mass(below, do.get(MODEL_OUTCOME)))
        outcomes = self._outcome_masses(case, do)
        wanted = case.allowed.get(Variable(MODEL_OUTCOME), frozenset(OUTCOMES))
        return algebra.total(
            [
                algebra.product(outcomes[outcome], self._below_mass(below, outcome))
                for outcome in OUTCOMES
                if outcome in wanted
            ]
        )

    def _below_mass(self, below: Factor, outcome: str | None) -> Scalar:
        key = (outcome,) if MODEL_OUTCOME in below.variables else ()
        return below.entries.get(key)  # type: ignore[arg-type]

    def _weight_of(self, case: Case, do: Interventions, node: str) -> Scalar:
        """Return the weight of the allowed states of a binary assumption that nothing else in the case depends on."""
        allowed = case.allowed.get(Variable(node), frozenset(ASSUMPTIONS[node]))
        if node in do or allowed == frozenset(ASSUMPTIONS[node]):
            return self.algebra.one
        entries = root_factor(self.algebra, node).entries
        return self.algebra.total([entries[state,] for state in ASSUMPTIONS[node] if state in allowed])

    def _below(self, case: Case, do: Interventions) -> Factor:
        """Return the downstream part: P(constraints below | model_outcome), ``tai_by_2100`` included."""
        wanted: dict[str, frozenset[str]] = {}
        for variable, states in case.allowed.items():
            if self._is_below(variable):
                wanted[variable.node] = states  # type: ignore[assignment]
        wanted.pop(MODEL_OUTCOME, None)
        if Variable("tai_by_2100") in case.allowed:
            wanted["tai_by_2100"] = case.allowed[Variable("tai_by_2100")]  # type: ignore[assignment]
        set_here = {
            node: state for node, state in do.items() if node in DOWNSTREAM or node in {*self.indicators, "tai_by_2100"}
        }
        key = (frozenset(wanted.items()), frozenset(set_here.items()))
        if key not in self._downstream:
            self._downstream[key] = self._eliminate_below(wanted, set_here)
        return self._downstream[key]

    def _eliminate_below(self, wanted: Mapping[str, frozenset[str]], set_here: Interventions) -> Factor:
        factors = [
            Factor((node,), {(set_here[node],): self.algebra.one}) if node in set_here else self._table(node)
            for node in self._relevant(wanted, set_here)
        ]
        for variable, allowed in wanted.items():
            factors = [factor.restrict(variable, allowed) for factor in factors]
        return eliminate(self.algebra, factors, [MODEL_OUTCOME])

    def _relevant(self, wanted: Mapping[str, frozenset[str]], set_here: Interventions) -> list[str]:
        """Return the wanted nodes and their ancestors up to the outcome, interventions cutting parents off."""
        found: list[str] = []
        agenda = list(wanted)
        while agenda:
            node = agenda.pop()
            if node in found or node == MODEL_OUTCOME:
                continue
            found.append(node)
            if node in set_here or node in ASSUMPTIONS:
                continue
            agenda.extend([self.indicators[node].variable.node] if node in self.indicators else PARENTS[node])
        return found

    def _table(self, node: str) -> Factor:
        if node not in self._tables:
            if node in self.indicators:
                event = self.indicators[node]
                (state,) = event.allowed
                self._tables[node] = indicator_table(
                    self.algebra, node, IndicatorEvent(event.variable.node, str(state))
                )
            else:
                self._tables[node] = (
                    root_factor(self.algebra, node) if node in ASSUMPTIONS else table(self.algebra, node)
                )
        return self._tables[node]

    def _profile(self, case: Case, do: Interventions) -> tuple[Profile, str | None, frozenset[int] | None]:
        """Return what the case fixes of training; the last constrained phase's mask is kept apart, to share its run."""
        settings = []
        for node, states in TRAINING_ASSUMPTIONS.items():
            allowed = case.allowed.get(Variable(node))
            if node in do:
                settings.append((node, Setting((do[node],), weighted=False)))
            elif allowed is not None:
                settings.append((node, Setting(tuple(state for state in states if state in allowed), weighted=True)))
        phases = phases_of(case)
        masks = tuple((phase, _mask(case, phase)) for phase in phases[:-1])
        last = phases[-1] if phases else None
        return Profile(tuple(settings), masks), last, _mask(case, last) if last else None

    def _chain_mass(self, case: Case, do: Interventions) -> Scalar:
        """Return the mass of the case's training assumptions and chain events, whatever the outcome."""
        algebra, training = self.algebra, self.training
        profile, last, mask = self._profile(case, do)
        if last is None:
            return algebra.product(*(training.all_weight(profile, node) for node in TRAINING_ASSUMPTIONS))
        allowed = None if mask is None else self.space.mask(mask)
        adversarial = training.weights(profile, ADVERSARIAL)
        ends = training.at_end_of(last, profile)
        mass = algebra.total(
            [algebra.product(weight, algebra.mass(ends[state], allowed)) for state, weight in adversarial.items()]
        )
        return algebra.product(mass, self._unused_weight(profile, last))

    def _unused_weight(self, profile: Profile, last: str) -> Scalar:
        later = PHASES[PHASES.index(last) + 1 :]
        nodes = [node for phase in later for node in USED_UP_TO[phase]]
        return self.algebra.product(*(self.training.all_weight(profile, node) for node in nodes))

    def _outcome_masses(self, case: Case, do: Interventions) -> dict[str, Scalar]:
        """Return the mass of the case's upstream part by model outcome, both paradigms included."""
        algebra = self.algebra
        by_outcome, whole = self._prosaic_outcomes(case, do)
        allowed = case.allowed.get(Variable("prosaic_paradigm"), frozenset(ASSUMPTIONS["prosaic_paradigm"]))
        if "prosaic_paradigm" in do:
            weights = {do["prosaic_paradigm"]: algebra.one}
        else:
            entries = root_factor(algebra, "prosaic_paradigm").entries
            weights = {state: entries[state,] for state in ASSUMPTIONS["prosaic_paradigm"] if state in allowed}
        return {
            outcome: algebra.total(
                [
                    algebra.product(weights.get("yes"), by_outcome[outcome]),
                    algebra.product(weights.get("no"), whole, algebra.value(f"p_model_outcome_not_prosaic.{outcome}"))
                    if "no" in weights
                    else None,
                ]
            )
            for outcome in OUTCOMES
        }

    def _prosaic_outcomes(self, case: Case, do: Interventions) -> tuple[dict[str, Scalar], Scalar]:
        """Return the chain's mass by outcome under the prosaic paradigm, and in all."""
        profile, last, mask = self._profile(case, do)
        if last is not None and last != DEPLOYMENT:
            profile = Profile(profile.settings, (*profile.masks, (last, _mask(case, last))))
            mask = None
        key = (profile, mask)
        if key not in self._outcomes:
            self._outcomes[key] = self._read_outcomes(profile, mask)
        return self._outcomes[key]

    def _read_outcomes(self, profile: Profile, mask: frozenset[int] | None) -> tuple[dict[str, Scalar], Scalar]:
        algebra, training = self.algebra, self.training
        everything = np.ones(self.space.n_states, dtype=bool) if mask is None else self.space.mask(mask)
        prone = self.space.mask(scheming_prone())
        proxy, base, none = (self.space.mask(reading(GOAL_POINTER, state)) for state in ("proxy", "base", "none"))
        weights, ends = training.weights(profile, ADVERSARIAL), training.at_end_of(DEPLOYMENT, profile)

        def mass(adversarial: str, states: np.ndarray) -> Scalar:
            vector = ends.get(adversarial)
            if vector is None:
                return None
            return algebra.product(weights[adversarial], algebra.mass(vector, states & everything))

        schemers = mass("present", prone)
        by_outcome = {
            "deceptive": algebra.product(schemers, algebra.value("p_plays_along")),
            "proxy": algebra.total(
                [
                    algebra.product(schemers, algebra.complement("p_plays_along")),
                    mass("present", proxy & ~prone),
                    mass("absent", proxy),
                ]
            ),
            "base_goal": algebra.total([mass(state, base) for state in ("present", "absent")]),
            "not_goal_directed": algebra.total([mass(state, none) for state in ("present", "absent")]),
        }
        return by_outcome, algebra.total(by_outcome.values())


def _mask(case: Case, phase: str) -> frozenset[int]:
    return case.allowed[Variable(CHAIN, phase)]  # type: ignore[return-value]
