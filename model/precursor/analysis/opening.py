"""What can be analysed, found by its name: a scenario, a run, its prior, one of its stances, or a camp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from precursor.analysis.camps import CAMP_OF, open_camp
from precursor.analysis.sources import Source, alike, source_of_run, source_of_scenario
from precursor.elicitation.store import find_root
from precursor.inference.runs.run import Run, run_names
from precursor.inference.runs.stance_draws import stance_converged
from precursor.inference.scenarios import open_scenario, scenario_files, shared_indicators
from precursor.problems import InputError, Problem, did_you_mean, for_each

PRIOR_OF, STANCE_OF = "prior:", "stance:"


def open_source(name: str | Path, root: str | Path | None = None) -> Source:
    """Return a scenario (name or ``.toml`` file), a run (name or folder), or one of a run's own sources.

    Those are ``prior:RUN``, ``stance:NAME:RUN`` and ``camp:NAME:RUN``.
    In turn they are the prior of a run; what it says if only some are listened to (`inference.fits.stances`, a fit to
    their answers); and its prior tilted to a camp's bottom line (`camps`, no fit).

    Raises `InputError` if there is none of that name.
    """
    text = str(name)
    data = find_root(root)
    if text.startswith(PRIOR_OF):
        run = Run.open(text.removeprefix(PRIOR_OF), root)
        return replace(source_of_run(run), name=text, kind="prior", unconstrained=run.prior_draws(), converged=True)
    if text.startswith(CAMP_OF):
        return open_camp(text, root)
    if text.startswith(STANCE_OF):
        stance, _, run_name = text.removeprefix(STANCE_OF).partition(":")
        run = Run.open(run_name, root)
        draws, converged = run.draws(stance), stance_converged(run, stance)
        return replace(source_of_run(run), name=text, kind="stance", unconstrained=draws, converged=converged)
    files, runs = scenario_files(data), run_names(root)
    if text in files or text.endswith(".toml"):
        indicators = shared_indicators(data)
        return source_of_scenario(open_scenario(data, text, indicators), indicators)
    if text in runs or (Path(text) / "summary.json").is_file():
        return source_of_run(Run.open(text, root))
    known = [*files, *runs]
    raise InputError(Problem(f"There is no scenario or run {text!r}.", f"{did_you_mean(text, known)}, or a .toml file"))


def open_sources(names: Sequence[str | Path], root: str | Path | None = None) -> list[Source]:
    """Return several sources over the same parameters; what is wrong with any is raised at once."""
    return alike(for_each(lambda name: open_source(name, root), names))


def run_behind(name: str | Path, root: str | Path | None = None) -> tuple[Run, str | None]:
    """Return the run of a run's name, of ``prior:``, ``stance:`` or ``camp:``, and the stance where it is one."""
    text = str(name)
    if text.startswith(STANCE_OF):
        stance, _, run = text.removeprefix(STANCE_OF).partition(":")
        return Run.open(run, root), stance
    if text.startswith(CAMP_OF):
        return Run.open(text.removeprefix(CAMP_OF).partition(":")[2], root), "prior"
    prior = text.startswith(PRIOR_OF)
    return Run.open(text.removeprefix(PRIOR_OF), root), "prior" if prior else None
