import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from precursor.cli import main as module
from precursor.cli.main import COMMANDS, main
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

PYTHON = [sys.executable, "-m", "precursor.cli.main"]


@pytest.fixture
def command(monkeypatch):
    """Stand in for what every command runs."""

    def replace(run):
        stand_in = SimpleNamespace(add_arguments=lambda _: None, run=run)
        monkeypatch.setattr(module.importlib, "import_module", lambda _: stand_in)

    return replace


def raising(error):
    def run(_):
        raise error

    return run


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_the_common_options(capsys, name):
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert "--json" in out
    assert "--root DIR" in out


@pytest.mark.parametrize(
    "words", [[], ["chek"], ["check"], ["check", "a", "b"], ["surveys", "--jso"], ["questions", "--x"]]
)
def test_errors_of_usage_are_bad_input(capsys, words):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.count("\n") == 1
    assert main([*words, "--json"]) == 2
    out, err = capsys.readouterr()
    assert not err
    (error,) = json.loads(out)["errors"]
    assert list(error) == ["file", "row", "column", "message", "allowed"]


def test_a_misspelt_command_offers_the_nearest(capsys):
    main(["chek"])
    assert "Allowed: check" in capsys.readouterr().err


def test_status_and_output_of_a_command(capsys, command):
    command(lambda _: Outcome({"a": 1}, ("one \x1b[31mline",)))
    assert main(["surveys"]) == 0
    assert capsys.readouterr().out == "one \\x1b[31mline\n"
    assert main(["surveys", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"a": 1}
    command(lambda _: Outcome({}, ("failed",), passed=False))
    assert main(["surveys"]) == 1


def test_every_problem_is_printed_safely(capsys, command):
    command(
        raising(InputError([Problem("bad \x1b]0;title\x07", "good", "a.csv", 3, "answer"), Problem("worse\nmore")]))
    )
    assert main(["surveys"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err == "a.csv, row 3, column answer: bad \\x1b]0;title\\x07 Allowed: good\nworse\\nmore\n"
    assert main(["surveys", "--json"]) == 2
    out, err = capsys.readouterr()
    assert not err
    assert json.loads(out)["errors"][0] == {
        "file": "a.csv", "row": 3, "column": "answer", "message": "bad \x1b]0;title\x07", "allowed": "good",
    }  # fmt: skip


def test_an_interrupt_and_a_failing_disk(capsys, command):
    command(raising(KeyboardInterrupt()))
    assert main(["surveys", "--json"]) == 130
    assert capsys.readouterr() == ("", "Interrupted.\n")
    command(raising(OSError(28, "No space left on device", "x.nc")))
    assert main(["surveys"]) == 2
    assert capsys.readouterr().err == "x.nc: No space left on device\n"


def test_the_working_folder_is_gone(capsys, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(["check", "a"]) == 2
    assert "The folder this was started in is not there any more." in capsys.readouterr().err


def test_a_mistake_of_ours_is_not_hidden(command):
    command(raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["surveys"])


def test_a_double_dash_ends_the_options(capsys):
    assert main(["check", "--root", "/", "--", "--json"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "'--json'" in err


def test_help_and_errors_of_usage_import_nothing_heavy():
    code = (
        "import sys; from precursor.cli.main import main\n"
        "try: main(['check', '--help'])\nexcept SystemExit: pass\n"
        "main(['check'])\n"
        "heavy = {'numpy', 'pymc', 'xarray', 'precursor.argument', 'precursor.elicitation', 'importlib.metadata'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_reading_surveys_imports_no_probabilistic_programming():
    code = (
        "import sys; from precursor.inference.surveys import open_reader; open_reader()\n"
        "heavy = {'pymc', 'pytensor', 'xarray', 'pandas', 'arviz', 'matplotlib'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_whoever_stops_listening_is_not_bothered(root):
    process = subprocess.Popen(
        [*PYTHON, "questions", "--root", str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("words", [["questions"], ["questions", "--json"], ["--help"], ["--version"], ["check", "no"]])
@pytest.mark.parametrize("closed", ["stdout", "stderr", "stdin"])
def test_a_stream_that_is_closed(root, words, closed):
    shut = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-"}[closed]
    done = subprocess.run(
        ["sh", "-c", f'"$@" {shut}', "sh", *PYTHON, *words], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == (2 if words[0] == "check" else 0)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("words", [["questions"], ["questions", "--json"], ["--version"], ["check", "no", "--json"]])
def test_output_that_finds_no_room(root, words):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PYTHON, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=root)
    assert (done.returncode, done.stderr) == (2, "The output cannot be written: No space left on device.\n")


def test_a_terminal_of_few_letters_gets_escapes(root, survey):
    survey("naive", "ada,deceptive,point,\uff12%\n")
    done = subprocess.run(
        [*PYTHON, "check", "naive", "--root", str(root)],
        capture_output=True, env={"PYTHONIOENCODING": "ascii",
        "PYTHONPATH": ":".join(filter(None, sys.path))}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"\\uff12%" in done.stderr


def test_the_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("precursor 0")
