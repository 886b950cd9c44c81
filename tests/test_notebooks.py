"""The notebooks run from top to bottom and show what their text says."""

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from precursor.cli.main import COMMANDS
from precursor.inference.runs.run import run_names

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def executed(path, folder, before=None, timeout=600):
    """Return a notebook after it ran in its own folder; its kernel keeps to ``folder`` and to local sockets.

    ``before`` is a heading: the notebook ends before it.
    """
    notebook = jupytext.read(path)
    if before is not None:
        notebook.cells = notebook.cells[: [cell.source.split("\n")[0] for cell in notebook.cells].index(before)]
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=timeout, kernel_name="python3", record_timing=False, resources=place)
    client.create_kernel_manager()
    client.km.transport, client.km.ip = "ipc", str(folder / "k")
    return client.execute()


def printed(notebook):
    """Return what each code cell printed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]


def run_in(folder, path, **how):
    """Return a notebook after it ran, with everything that Jupyter writes in ``folder``."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        return executed(path, folder, **how)


@pytest.fixture(scope="module")
def argument(tmp_path_factory):
    return run_in(tmp_path_factory.mktemp("jupyter"), NOTEBOOKS / "01_the_argument_as_a_network.py")


def numbers(text):
    """Return the number at the end of each line."""
    return [float(line.split()[-1]) for line in text.splitlines()]


def shown(notebook):
    """Return what each code cell shows as its value, as plain text; nothing where it shows none."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.data["text/plain"] for output in cell.outputs if "data" in output) for cell in cells]


def test_there_are_six_in_order():
    names = [path.stem for path in sorted(NOTEBOOKS.glob("*.py"))]
    assert [name[:3] for name in names] == [f"{number:02}_" for number in range(1, 7)]
    readme = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    assert all(name in readme for name in names)


def test_it_is_a_valid_notebook_without_errors(argument):
    nbformat.validate(argument)
    outputs = [output for cell in argument.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert {output.output_type for output in outputs} == {"stream", "execute_result"}
    assert {output.name for output in outputs if output.output_type == "stream"} == {"stdout"}


def test_the_check_values_are_shown(argument):
    _, _, deceptive, _, order, *_ = printed(argument)
    assert numbers(deceptive) == [0.0027, 0.6394]
    _, network, _, outcomes, *_ = shown(argument)
    assert "base_goal: argument 98\xa0%" in outcomes
    assert "The network of" in network
    assert numbers(order)[0] == 0.9727
    assert numbers(order)[3] == 0.5968


def test_what_the_text_says_of_the_numbers_holds(argument):
    _, _, deceptive, _, _, given_order, window, regimes, examples, catastrophe, _ = printed(argument)
    assert min(numbers(given_order)[:2]) > 0.4
    assert numbers(given_order)[2] < numbers(deceptive)[0] < 0.01
    assert numbers(given_order)[3] > 0.3
    assert min(numbers(window)) > 0
    by_regime = dict(zip(("frozen", "alternating", "same", "opposed"), numbers(regimes), strict=True))
    assert max(by_regime, key=by_regime.get) == "opposed"
    absent = [line for line in examples.splitlines() if line.startswith("absent")]
    assert all("deceptive 0.0000" in line for line in absent)
    argument_, critic, *without = numbers(catastrophe)
    assert argument_ < critic
    assert without[1] < critic


def test_the_headline_is_that_of_the_baseline_if_there_is_one(argument):
    last = shown(argument)[-1]
    if "baseline" in run_names(NOTEBOOKS.parent):
        assert "catastrophe, given TAI: before any answer" in last
    else:
        assert "There is no reports/baseline here" in last


NEW_SURVEY = NOTEBOOKS / "04_a_new_survey.py"
FITS_BEGIN = "## 5. What would it change?"


@pytest.fixture(scope="module")
def survey_until_accepted(tmp_path_factory):
    """Return the new survey's notebook up to the first fit."""
    return run_in(tmp_path_factory.mktemp("jupyter"), NEW_SURVEY, before=FITS_BEGIN)


def said(notebook):
    """Return the command, what it printed and its exit status, for each ``precursor`` line that was run."""
    runs = [run for text in printed(notebook) for run in text.split("$ precursor ")[1:]]
    parts = [run.partition("\n") for run in runs]
    return [(line.split()[0], rest, int(rest.rsplit("[exit status ", 1)[1].split("]")[0])) for line, _, rest in parts]


def test_the_survey_is_called_synthetic_and_its_commands_exist():
    cells = jupytext.read(NEW_SURVEY).cells
    assert "SYNTHETIC" in cells[0].source
    assert "SYNTHETIC" in cells[-1].source
    named = [
        line.split('"')[1] for cell in cells for line in cell.source.split("\n") if line.startswith('_ = command("')
    ]
    assert {"template", "import", "check", "accept", "fit", "update", "experts", "classical"} == set(named)
    assert set(named) <= set(COMMANDS)


def test_a_new_survey_is_refused_with_its_faults_and_then_accepted(survey_until_accepted):
    runs = said(survey_until_accepted)
    assert [(name, status) for name, _, status in runs] == [
        ("template", 0), ("import", 0), ("import", 2), ("import", 0), ("check", 0), ("import", 0), ("accept", 0)
    ]  # fmt: skip
    draft, refused, checked = runs[1][1], runs[2][1], runs[4][1]
    assert "The unit of 'core_contained'" in draft
    assert [line.split(":")[0] for line in refused.splitlines() if line.startswith("export.csv")] == [
        "export.csv, row 4, column core_contained",
        "export.csv, row 8, column core_deceptive[5%]",
    ]
    assert "'synthetic_11' and 'synthetic_10' agree on 8 of 8 answers" in checked
    assert "answers: 80; experts: 10; questions: 8" in runs[5][1]


def test_the_store_of_the_new_survey_is_a_temporary_one(survey_until_accepted):
    accepted = said(survey_until_accepted)[-1][1]
    assert "synthetic-survey-" in accepted
    assert not (NOTEBOOKS.parent / "data" / "surveys" / "synthetic_survey").exists()


@pytest.mark.slow
def test_a_new_survey_from_the_sheet_to_the_comparison(tmp_path_factory):
    notebook = run_in(tmp_path_factory.mktemp("jupyter"), NEW_SURVEY, timeout=3600)
    nbformat.validate(notebook)
    by_command = {}
    for name, text, status in said(notebook):
        # A quick run may fail its checks; then it says so, and the status is 1.
        assert status in (0, 1) or name == "import"
        assert name != "fit" or (status == 1) == ("NOT CONVERGED" in text)
        by_command.setdefault(name, []).append(text)
    preview, compared = by_command["update"]
    assert "NOT TO BE TRUSTED: Pareto k" in preview
    assert ("passed its checks: True" in compared) == ("[exit status 0]" in compared)
    assert "Who moved the first, by expert" in compared
    assert "Who moved the first, by question" in compared
    assert all(f"synthetic_{i:02}" in by_command["experts"][0] for i in range(1, 11))
    assert "optimised" in by_command["classical"][0]
    figures = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    assert ["image/svg+xml" in output.data for output in figures] == [True]
    *_, factors = printed(notebook)
    assert factors.count("true width factor") == len(factors.splitlines())


def pictures_of(notebook):
    """Return how many charts a notebook shows."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/svg+xml" in output.get("data", {}) for output in outputs)


@pytest.mark.slow
def test_fitting_and_checking(tmp_path_factory):
    notebook = run_in(tmp_path_factory.mktemp("jupyter"), NOTEBOOKS / "02_fitting_and_checking.py", timeout=3600)
    nbformat.validate(notebook)
    assert "SYNTHETIC" in notebook.cells[0].source
    assert "SYNTHETIC" in notebook.cells[-1].source
    tables = [text for text in shown(notebook) if text.startswith("check")]
    # The good fit passes every check, the hasty one does not.
    assert [" no " in table for table in tables] == [False, True]
    surprising = next(text for text in shown(notebook) if "surprise" in text).splitlines()[1]
    assert "dov" in surprising
    assert "small_deceptive" in surprising
    assert pictures_of(notebook) == 3


@pytest.mark.slow
@pytest.mark.skipif("baseline" not in run_names(NOTEBOOKS.parent), reason="needs reports/baseline")
def test_the_critics(tmp_path_factory):
    notebook = run_in(tmp_path_factory.mktemp("jupyter"), NOTEBOOKS / "03_the_critics.py", timeout=3600)
    nbformat.validate(notebook)
    closes = [text for text in printed(notebook) if "which closes" in text]
    assert closes
    # "Three numbers."
    assert all(block.count("\n    ") - 1 == 3 for block in closes[0].strip().split("\n\n"))
    concessions = next(text for text in shown(notebook) if "gives way in" in text).splitlines()[1:]
    ends = {line.split("  ")[0]: float(line.split()[-2]) for line in concessions}
    everything = ends.pop("everything")
    assert everything > 60
    # "No single concession brings the argument near the critic."
    assert max(ends.values()) < 10
    assert pictures_of(notebook) == 3


@pytest.mark.slow
@pytest.mark.skipif("baseline" not in run_names(NOTEBOOKS.parent), reason="needs reports/baseline")
@pytest.mark.parametrize(
    ("name", "charts"), [("05_interventions_and_pathways", 5), ("06_cruxes_and_what_to_ask_next", 4)]
)
def test_of_the_baseline(tmp_path_factory, name, charts):
    notebook = run_in(tmp_path_factory.mktemp("jupyter"), NOTEBOOKS / f"{name}.py", timeout=3600)
    nbformat.validate(notebook)
    assert pictures_of(notebook) == charts
    assert not any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", []))
    assert "What not to conclude" in notebook.cells[-1].source
