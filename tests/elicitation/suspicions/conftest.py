"""Surveys of many questions, and what is suspicious in them."""

from __future__ import annotations

import pytest

from precursor.elicitation.suspicions import suspicions

QUESTIONS = "".join(
    f'[[question]]\nid = "q{n}"\nwording = "Number {n}?"\nforms = ["point"]\nseed = true\noutcome = {n % 2}\n'
    for n in range(20)
)
LAWS = "".join(
    f'[[question]]\nid = "{id_}"\nwording = "{id_}?"\nquery = "{query}"\n'
    'forms = ["point", "bound", "quantiles", "chips", "verbal"]\n'
    for id_, query in {
        "a": "P(tai_by_2100=yes)",
        "not_a": "P(tai_by_2100=no)",
        "b": "P(existential_catastrophe=yes)",
        "ab": "P(existential_catastrophe=yes, tai_by_2100=yes)",
        "b_given_a": "P(existential_catastrophe=yes | tai_by_2100=yes)",
        "b_again": "P(existential_catastrophe=yes)",
        "deceptive_unconditional": "P(model_outcome=deceptive)",
    }.items()
)


@pytest.fixture
def suspect(write, load):
    """Return the suspicions about rows (expert, question, form, answer[, round]) as (row, message)."""

    def found(rows, experts=""):
        lines = [",".join(map(str, row)) for row in rows]
        columns = "expert,question,form,answer" + (",round" if len(rows[0]) > 4 else "")
        files = {"experts__csv": experts} if experts else {}
        folder = write(responses__csv="\n".join([columns, *lines]), questions__toml=QUESTIONS + LAWS, **files)
        problems = suspicions(load(folder))
        assert all(problem.file == "responses.csv" and problem.column and problem.allowed for problem in problems)
        return [(problem.row, problem.message) for problem in problems]

    return found
