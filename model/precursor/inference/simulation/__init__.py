"""Simulated surveys: what people like those of the expert model would answer if the network's parameters were known.

For planning a survey, testing a fit, and examples.  Nobody was asked: whatever is made here says so.

    truths = truths_at(questions, scenario, indicators)        # what the network says, and which way is bad news
    simulation = simulate(truths, people=30, seed=1)           # who answers what, as typed text
    write_survey(simulation, Path("surveys/example"))          # a survey folder with synthetic = true
"""

from precursor.inference.simulation.answers import SimulatedAnswer, Simulation, simulate
from precursor.inference.simulation.folder import write_survey
from precursor.inference.simulation.people import Person, Population
from precursor.inference.simulation.truth import Truth, around, scenario_of_draw, truths_at, unconstrained_near

__all__ = [
    "Person", "Population", "SimulatedAnswer", "Simulation", "Truth", "around", "scenario_of_draw", "simulate",
    "truths_at", "unconstrained_near", "write_survey",
]  # fmt: skip
