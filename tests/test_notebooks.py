"""The notebooks run from top to bottom and show what their text says."""

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from precursor.inference.run import run_names

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def executed(path, folder):
    """Return a notebook after it ran in its own folder; its kernel keeps to ``folder`` and to local sockets."""
    notebook = jupytext.read(path)
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", record_timing=False, resources=place)
    client.create_kernel_manager()
    client.km.transport, client.km.ip = "ipc", str(folder / "k")
    return client.execute()


def printed(notebook):
    """Return what each code cell printed."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]


@pytest.fixture(scope="module")
def argument(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        return executed(NOTEBOOKS / "01_the_argument_as_a_network.py", folder)


def numbers(text):
    """Return the number at the end of each line."""
    return [float(line.split()[-1]) for line in text.splitlines()]


def test_it_is_a_valid_notebook_without_errors(argument):
    nbformat.validate(argument)
    outputs = [output for cell in argument.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert {output.output_type for output in outputs} == {"stream"}
    assert {output.name for output in outputs} == {"stdout"}


def test_the_check_values_are_shown(argument):
    _, deceptive, outcomes, order, *_ = printed(argument)
    assert numbers(deceptive) == [0.0027, 0.6394]
    assert "'base_goal': 0.9819" in outcomes
    assert numbers(order)[0] == 0.9727
    assert numbers(order)[3] == 0.5968


def test_what_the_text_says_of_the_numbers_holds(argument):
    _, deceptive, _, _, given_order, window, regimes, examples, catastrophe, _ = printed(argument)
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
    last = printed(argument)[-1]
    if "baseline" in run_names(NOTEBOOKS.parent):
        assert "P(existential_catastrophe=yes)\n" in last
    else:
        assert "There is no reports/baseline here" in last
