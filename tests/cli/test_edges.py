"""Every command, given nothing, or what is no run, survey, query or file, says so with status 2."""

import argparse
import importlib
import json

import pytest

from precursor.cli.main import COMMANDS, main
from tests.cli.conftest import write_survey
from tests.cli.made_runs import make_run

COMPUTING = {"run", "fit", "sweep", "validate"}
ODD = ("", "nope", "\0", "../..", "/dev/zero", "-1")


def arguments_of(command):
    """Return the positional arguments of a command, or its subcommands."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"precursor.cli.{command}").add_arguments(parser)
    named = [action for action in parser._actions if not action.option_strings]
    subcommands = [name for action in named if action.choices for name in action.choices]
    return subcommands, len(named)


def said(root, capsys, *words):
    status = main([*words, "--json", "--root", str(root)])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - COMPUTING))
def test_what_is_no_argument_of_a_command(root, capsys, command):
    subcommands, count = arguments_of(command)
    if subcommands:
        given = [(command, name, odd) for name in subcommands for odd in ODD if name != "list"]
    else:
        given = [(command,)] * bool(count) + [(command, *[odd] * count) for odd in ODD if count]
    for words in given:
        status, document = said(root, capsys, *words)
        assert status == 2, words
        assert all(problem["message"] for problem in document["errors"]), words
        assert document["errors"], words


ROUNDS = "expert,question,form,answer,round\n"


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("", 0), ("ada,deceptive,point,,1\n", 0), ("ada,deceptive,point,2%,1\n", 0), ("ada,deceptive,point,2%,x\n", 2),
        ("ada,deceptive,point,2%,1\nada,deceptive,point,2%,2\n", 0), ("ada,deceptive,point,2%,0\n", 2),
        ("ada,deceptive,point,0,1\nada,deceptive,point,1,2\n", 0), ("ada,deceptive,point,2%\n", 2), ("\0", 2),
        ("ada,deceptive,point,2%,1\nbob,deceptive,point,3%,9\n", 0),
        ("ada,deceptive,point,2%,1\nada,deceptive,bound,<3%,2\n", 0),
    ],
)  # fmt: skip
def test_rounds_of_next_to_nothing(root, capsys, rows, status):
    folder = write_survey(root / "data" / "surveys" / "few", "")
    (folder / "responses.csv").write_text(f"{ROUNDS}{rows}")
    found, document = said(root, capsys, "rounds", "few")
    assert found == status
    assert document.get("errors") if status else "movements" in document


@pytest.mark.parametrize("content", [None, "", "x,y\n1,2\n"])
def test_rounds_and_classical_of_no_answers(root, capsys, content):
    folder = write_survey(root / "data" / "surveys" / "few", "")
    (folder / "responses.csv").unlink()
    if content is not None:
        (folder / "responses.csv").write_text(content)
    for command in ("rounds", "classical"):
        status, document = said(root, capsys, command, "few")
        assert status == 2
        assert document["errors"]


@pytest.mark.parametrize("figure", ["", ".", "no/such/a.svg", "/dev/null/a.svg", "x", "x.png"])
def test_a_figure_that_cannot_be_written(root, capsys, figure):
    folder = write_survey(root / "data" / "surveys" / "two", "")
    (folder / "responses.csv").write_text(f"{ROUNDS}ada,deceptive,point,2%,1\nada,deceptive,point,4%,2\n")
    status, document = said(root, capsys, "rounds", "two", "--figure", figure)
    assert status == 2
    assert document["errors"]


def test_a_figure_is_not_written_over_a_survey_or_a_run(root, capsys):
    rows = write_survey(root / "data" / "surveys" / "two", "ada,deceptive,point,2%\n") / "responses.csv"
    before = rows.read_bytes()
    posterior = make_run(root, "made") / "posterior.nc"
    kept = posterior.read_bytes()
    for words in (("rounds", "two", "--figure", str(rows)), ("compare", "made", "made", "--svg", str(posterior))):
        status, document = said(root, capsys, *words)
        assert (status, document["errors"][0]["allowed"]) == (2, "one that ends in .svg")
    assert (rows.read_bytes(), posterior.read_bytes()) == (before, kept)
