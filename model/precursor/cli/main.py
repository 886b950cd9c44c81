"""``precursor``: find the command, run it, print what came of it.

To add a command, add a line to `COMMANDS` and a module ``precursor/cli/<command>.py`` with two functions::

    def add_arguments(parser: argparse.ArgumentParser) -> None: ...   # its own; --json and --root are there already
    def run(arguments: argparse.Namespace) -> Outcome: ...            # raises InputError for bad input

The module is imported only when its command is chosen, and should import what is heavy inside ``run``, so that help and
errors of usage are instantaneous.  ``run`` prints nothing on stdout: here alone is decided between JSON and text, and
here alone errors become exit statuses.  Messages on the way go to stderr, by `progress`.

Exit status: 0 done; 1 a result from a run that failed its checks; 2 bad input or usage; 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, TextIO

from precursor.cli.outcome import BAD_INPUT, INTERRUPTED, Outcome, visible
from precursor.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    from precursor.analysis.sources import Source

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "run": "fit every default survey and write the run with its report",
        "fit": "fit the named surveys; none: the prior",
        "report": "write the PDF of a run, and its numbers",
        "check": "validate a survey",
        "template": "write a sheet of chosen questions to fill in",
        "import": "turn filled sheets, or a survey tool's export, into a survey",
        "accept": "make a survey part of the store, read-only",
        "retract": "remove a survey from the store for good",
        "classical": "score experts, and mixtures of them, by Cooke's classical model",
        "pool": "score pooling methods on resolved forecasts",
        "update": "add a survey to a run: what it would change, the fit, what it did change",
        "compare": "say what moved between two runs, and who moved it",
        "audit": "check whether answers hold together, and on whose answers a run depends",
        "rounds": "show who moved between the rounds of a survey, and towards whom",
        "query": "ask for a probability, exactly",
        "network": "export the network for other tools; ask any network in a file",
        "pathways": "show the ways to catastrophe, and what would change them",
        "sensitivity": "show what drives a run's number",
        "voi": "show what would be worth learning, and what to ask next",
        "structures": "show the headline if the model were built otherwise",
        "whatif": "show what one side would say if it gave way to another",
        "questions": "list the shared questions",
        "runs": "list the runs",
        "experts": "show what a run learned of every expert",
        "scenario": "list, show or compare scenarios",
        "surveys": "list the surveys",
        "sweep": "fit again and again: whom one listens to, what is decided, seeds",
        "validate": "check the fits themselves: simulated answers fitted again, many times",
    }
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _open_closed_streams()
    try:
        return _status_of(list(sys.argv[1:] if argv is None else argv))
    except _UnwritableError as error:
        progress(f"The output cannot be written: {error}.")
        return BAD_INPUT


def _status_of(words: list[str]) -> int:
    as_json = "--json" in words[: words.index("--") if "--" in words else None]
    try:
        return _answer(_command(words), as_json)
    except InputError as error:
        return _refuse(error, as_json)
    except KeyboardInterrupt:
        progress("Interrupted.")
        return INTERRUPTED
    except MemoryError:
        return _refuse(InputError(Problem("There is not enough memory for this.", "less at once")), as_json)
    except OSError as error:
        return _refuse(InputError(_problem_of(error)), as_json)


def progress(message: str) -> None:
    """Say something on stderr, made safe for a terminal."""
    _write(sys.stderr, [visible(message)])


def all_converged(sources: Iterable[Source]) -> bool:
    """Return whether all sources passed their checks; say of each that did not that it did not."""
    failed = [source.name for source in sources if not source.converged]
    for name in failed:
        progress(f"Warning: {name} did not pass its checks.")
    return not failed


def _command(words: list[str]) -> Outcome:
    chosen = next((word for word in words if not word.startswith("-")), None)
    if chosen is not None and chosen not in COMMANDS:
        raise InputError(Problem(f"There is no command '{chosen}'.", did_you_mean(chosen, COMMANDS)))
    arguments = _parser(chosen).parse_args(words)
    outcome = importlib.import_module(f"precursor.cli.{arguments.command}").run(arguments)
    assert isinstance(outcome, Outcome)
    return outcome


class _UnwritableError(Exception):
    """What stdout goes to does not take it."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors of usage are bad input like any other."""

    def error(self, message: str) -> NoReturn:
        raise InputError(Problem(f"{self.prog}: {message}.", f"see {self.prog} --help"))

    def print_help(self, file: object = None) -> None:  # noqa: ARG002  (help is always for stdout)
        _write(sys.stdout, self.format_help().rstrip("\n").split("\n"))


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    description = "A Bayesian network of the argument about deceptive alignment, updated by expert elicitation."
    parser = _Parser(prog="precursor", description=description, allow_abbrev=False)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=f"{purpose.capitalize()}.", allow_abbrev=False)
        if name == chosen:
            command.add_argument("--json", action="store_true", help="print one JSON document")
            command.add_argument("--root", metavar="DIR", help="the data folder, or a folder that holds data/")
            importlib.import_module(f"precursor.cli.{name}").add_arguments(command)
    return parser


class _Version(argparse.Action):
    """Print the version and stop; it is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        _write(sys.stdout, [f"precursor {version('precursor')}"])
        parser.exit()


def _answer(outcome: Outcome, as_json: bool) -> int:
    lines = [_document(outcome.document)] if as_json else [visible(line) for line in outcome.lines]
    _write(sys.stdout, lines)
    return outcome.status


def _refuse(error: InputError, as_json: bool) -> int:
    if as_json:
        _write(sys.stdout, [_document({"errors": [problem.as_json() for problem in error.problems]})])
    else:
        _write(sys.stderr, [visible(str(problem)) for problem in error.problems])
    return BAD_INPUT


def _document(document: object) -> str:
    return json.dumps(document, indent=2, allow_nan=False)


def _problem_of(error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError) and error.filename is None:
        # Nothing was opened: the system was asked where we are.
        return Problem("The folder this was started in is not there any more.", "a folder that exists, to start it in")
    return Problem(f"{error.strerror or error}", file=None if error.filename is None else str(error.filename))


def _write(stream: TextIO, lines: Iterable[str]) -> None:
    """Print lines; whoever stopped listening is not bothered, and what the encoding lacks is escaped.

    Raises `_UnwritableError` if what stdout goes to does not take it: a full disk, say.
    """
    encoding = stream.encoding or "utf-8"
    text = "".join(f"{line}\n" for line in lines).encode(encoding, "backslashreplace").decode(encoding)
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        # Python flushes once more at exit: give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError) and stream is not sys.stderr:
            raise _UnwritableError(error.strerror or error) from error


def _open_closed_streams() -> None:
    """Put nothing in the place of a standard stream that is closed: else the next file that is opened takes it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - no pathlib: it is slow


if __name__ == "__main__":
    sys.exit(main())
