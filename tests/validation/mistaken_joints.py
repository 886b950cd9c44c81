"""Chains over parameters and answers of which the log-density has a mistake, and the simulated answers have none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.validation.expert_model import small_plan
from precursor.validation.joint_chain import Joint, chain_of, joint_of
from precursor.validation.tested import form_of
from tests.validation.planted_mistakes import DROPPED, MISTAKES


@cache
def mistaken_joint(mistake: str) -> Joint:
    """Return the joint model, compiled once a process."""
    plan = small_plan()
    dropped = [float(mistake != "dropped_form" or form_of(answer) != DROPPED) for answer in plan.observations.answers]
    return joint_of(plan, MISTAKES[mistake](plan), np.array(dropped))


def chain_with_mistake(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return one chain with ``settings["mistake"]`` planted."""
    return chain_of(mistaken_joint(settings["mistake"]), seed, settings)
