"""Everything that reads what strangers wrote, each as a function of bytes and of a folder to work in."""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from precursor.elicitation.answers import PARSERS as ANSWER_PARSERS
from precursor.elicitation.answers import AnswerContext
from precursor.problems import InputError
from tests.hostile import samples
from tests.hostile.damage import damaged, damaged_archive

Read = Callable[[bytes, Path], object]


@dataclass(frozen=True)
class Parser:
    """A reader, sound inputs for it, how they are damaged, and how often it is tried beside the others."""

    read: Read
    sound: tuple[bytes, ...]
    damage: Callable[[bytes, random.Random], bytes] = damaged
    share: float = field(default=1.0)


# --- one cell, one query, one scenario --------------------------------------------------------------------------


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _answer(form: str, content: bytes, _: Path) -> None:
    named = {
        "states": ("deceptive", "proxy", "base_goal", "not_goal_directed"),
        "properties": ("goal_directed", "long_term_goals", "base_goal_understood", "situationally_aware"),
        "phrases": ("very unlikely", "likely"),
    }
    scales = ("ratio",) if form == "likelihood_ratio" else ("probability", "log", "linear", "ratio")
    problems = []
    for scale in scales:
        try:
            ANSWER_PARSERS[form](_text(content), AnswerContext(scale=scale, **named))
        except InputError as error:
            problems += error.problems
    if len(problems) >= len(scales):
        raise InputError(problems)


def _query(content: bytes, _: Path) -> None:
    from precursor.argument.vocabulary import ArgumentVocabulary
    from precursor.network.grammar import parse_query

    tree = parse_query(_text(content))
    assert parse_query(str(tree)) == tree
    list(ArgumentVocabulary().problems(tree, {}))


def _scenario(content: bytes, folder: Path) -> None:
    from precursor.argument.scenario import read_scenario

    (folder / "mine.toml").write_bytes(content)
    read_scenario(folder / "mine.toml")


def _network(format_name: str, content: bytes, _: Path) -> None:
    from precursor.network.files import loads

    loads(content, format_name)


# --- surveys ----------------------------------------------------------------------------------------------------


@cache
def _reader() -> object:
    from precursor.inference.surveys import open_reader

    return open_reader()


SURVEY = {
    "survey.toml": samples.HEADER, "responses.csv": samples.RESPONSES, "experts.csv": samples.EXPERTS,
    "summaries.csv": samples.SUMMARIES, "questions.toml": samples.QUESTIONS, "indicators.toml": samples.INDICATORS,
}  # fmt: skip


def _survey(file: str, content: bytes, folder: Path) -> None:
    place = folder / "made_up"
    place.mkdir()
    for name, text in SURVEY.items():
        (place / name).write_bytes(text.encode())
    if file == "own.csv":
        (place / "survey.toml").write_bytes(samples.HEADER.encode() + b'lexicon = "own.csv"\n')
    (place / file).write_bytes(content)
    _reader().read(place)


def _import(file: str, content: bytes, folder: Path) -> None:
    from precursor.elicitation.imports.assemble import draft_mapping, import_survey
    from precursor.elicitation.imports.mapping_text import mapping_text
    from precursor.elicitation.responses import Setting

    reader = _reader()
    setting = Setting("made", reader.shared, None, reader.vocabulary, reader.lexicon)
    export, mapping = folder / f"export.{file}", folder / "m.toml"
    export.write_bytes(samples.EXPORT.encode() if file == "toml" else content)
    if file == "toml":
        export = export.rename(folder / "export.csv")
        mapping.write_bytes(content)
    else:
        mapping.write_bytes(mapping_text(draft_mapping([export], setting)).encode())
        mapping.write_bytes(samples.MAPPING.encode())
    import_survey([export], mapping, folder / "made", setting, reader.read)


# --- resolved forecasts, studies, runs --------------------------------------------------------------------------


def _study(suffix: str, content: bytes, folder: Path) -> None:
    from precursor.calibration.classical.excalibur import read_study

    for name, text in ((".dtt", samples.DTT), (".rls", samples.RLS)):
        (folder / f"study{name}").write_bytes(content if name == suffix else text.encode())
    read_study(folder / "study.dtt")


def _forecasts(file: str, content: bytes, folder: Path) -> None:
    from precursor.calibration.forecast_files import read_forecasts

    for name, text in (("forecasts.csv", samples.FORECASTS), ("outcomes.csv", samples.OUTCOMES)):
        (folder / name).write_bytes(content if name == file else text.encode())
    read_forecasts(folder / "forecasts.csv", folder / "outcomes.csv", group="topic")


def _run(file: str, content: bytes, folder: Path) -> None:
    from precursor.analysis.tables.run_list import run_rows
    from precursor.inference.runs.run import Run

    place = folder / "reports" / "made"
    place.mkdir(parents=True)
    (folder / "data").mkdir()
    for name, sound in run_files().items():
        (place / name).write_bytes(content if name == file else sound)
    run_rows(folder)
    run = Run.open("made", folder)
    _ = run.summary["headline"], run.provenance.get("decisions", {}), run.posterior, run.draws()


@cache
def run_files() -> Mapping[str, bytes]:
    """Return the files of a small run without hashes, as an earlier version wrote them."""
    import numpy as np
    import xarray as xr

    from precursor.argument.parameters import parameter_space

    latent = np.random.default_rng(5).standard_normal((2, 5, len(parameter_space().latents))).astype(np.float32)
    posterior = xr.Dataset({"standard_normal": (("chain", "draw", "latent"), latent)})
    numbers = {"mean": 0.07, "median": 0.05, "low": 0.01, "high": 0.3, "mass": 0.9}
    summary = {
        "headline": [{"query": "P(existential_catastrophe=yes)", "posterior": numbers, "prior": numbers}],
        "checks": [{"name": "r_hat_max", "passed": True, "value": 1.0, "threshold": 1.01}],
        "converged": True, "quick": False, "indicators": {}, "untouched_parameters": [],
        "surveys": [{"id": "a", "answers": 1, "experts": 1, "synthetic": False}],
    }  # fmt: skip
    provenance = {"made": "2026-11-21 05:00 UTC", "decisions": {"extremity": 1.0}, "versions": {"precursor": "0.1.0"}}
    tree = xr.DataTree.from_dict({"posterior": posterior}).to_netcdf(None, engine="h5netcdf")
    return {
        "posterior.nc": bytes(tree),
        "summary.json": json.dumps(summary).encode(),
        "provenance.json": json.dumps(provenance).encode(),
    }


def _results(content: bytes, folder: Path) -> None:
    from precursor.campaigns.results import ResultsFolder

    (folder / "tasks").mkdir()
    (folder / "tasks" / "a.npz").write_bytes(content)
    (folder / "manifest.json").write_bytes(content)
    kept = ResultsFolder(folder)
    kept.read("a")


def _manifest(content: bytes, folder: Path) -> None:
    from precursor.campaigns.results import ResultsFolder

    (folder / "manifest.json").write_bytes(content)
    _ = ResultsFolder(folder).manifest


def _npz() -> bytes:
    import numpy as np

    stream = io.BytesIO()
    np.savez_compressed(stream, ranks=np.arange(20), truth=np.array(0.5))
    return stream.getvalue()


@cache
def parsers() -> Mapping[str, Parser]:
    """Return every parser by name."""
    encoded = {name: tuple(text.encode() for text in texts) for name, texts in samples.ANSWERS.items()}
    survey = {name: text.encode() for name, text in {**SURVEY, "own.csv": samples.LEXICON}.items()}
    return {
        **{f"cell {form}": Parser(partial(_answer, form), sound, share=3) for form, sound in encoded.items()},
        **{f"survey {name}": Parser(partial(_survey, name), (sound,), share=0.5) for name, sound in survey.items()},
        "query": Parser(_query, tuple(query.encode() for query in samples.QUERIES), share=4),
        "scenario": Parser(_scenario, (samples.SCENARIO.encode(),)),
        "network bif": Parser(partial(_network, "bif"), (samples.BIF.encode(),), share=2),
        "network xmlbif": Parser(partial(_network, "xmlbif"), (samples.XMLBIF.encode(),), share=2),
        "network xdsl": Parser(partial(_network, "xdsl"), (samples.XDSL.encode(),), share=2),
        "export csv": Parser(partial(_import, "csv"), (samples.EXPORT.encode(),), share=0.5),
        "export xlsx": Parser(partial(_import, "xlsx"), (samples.workbook(),), damaged_archive, share=0.2),
        "mapping": Parser(partial(_import, "toml"), (samples.MAPPING.encode(),), share=0.5),
        "study dtt": Parser(partial(_study, ".dtt"), (samples.DTT.encode(),)),
        "study rls": Parser(partial(_study, ".rls"), (samples.RLS.encode(),)),
        "forecasts": Parser(partial(_forecasts, "forecasts.csv"), (samples.FORECASTS.encode(),)),
        "outcomes": Parser(partial(_forecasts, "outcomes.csv"), (samples.OUTCOMES.encode(),)),
        **{f"run {name}": Parser(partial(_run, name), (sound,), share=0.3) for name, sound in run_files().items()},
        "results npz": Parser(_results, (_npz(),)),
        "results manifest": Parser(_manifest, (b'{"campaign": "a", "seed": 1, "settings": {"draws": 3}}',)),
    }  # fmt: skip


def emptied(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
