# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A new survey, from the sheet to what it changed
#
# You want to ask ten people about deceptive alignment, and to know afterwards what their answers changed, and who
# changed it.  This notebook goes all the way, with the commands you would type.
#
# **The survey is SYNTHETIC.**  Nobody was asked: a program answers, and the network from which it answers was made up.
# No number below says anything about AI.  Everything lies in a temporary folder with surveys of its own; the
# repository's data stay as they are.

# %%
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from precursor.elicitation.store import shipped_data

temporary = tempfile.TemporaryDirectory(prefix="synthetic-survey-")  # removed when the notebook ends
FOLDER = Path(temporary.name)
for carried in ("ai_impacts_2023", "bensinger_2021"):
    own = FOLDER / "data" / "surveys" / carried
    own.mkdir(parents=True)
    for file in (shipped_data() / "surveys" / carried).iterdir():
        (own / file.name).write_bytes(file.read_bytes())


def command(*words, quiet=False):
    """Run a command in the temporary folder, print what it says and its exit status; return what stdout held."""
    print("$ precursor", *words)
    line = [sys.executable, "-m", "precursor.cli.main", *words]
    done = subprocess.run(line, cwd=FOLDER, capture_output=True, text=True, check=False)
    shown = done.stdout if done.stdout else done.stderr
    print("" if quiet else shown, f"[exit status {done.returncode}]", sep="")
    return done.stdout


# %% [markdown]
# ## 1. Choose questions, write the sheet
#
# Five questions of the core questionnaire, on steps of the argument and on its end, and three *seeds*: questions of
# the same field whose answers are known, though not to those who answer.  The sheet holds each wording in full.

# %%
QUESTIONS = ["core_understanding_pretraining", "core_no_long_term_goals_long_tasks", "core_order", "core_contained"]
QUESTIONS += ["core_deceptive"]
SEEDS = ["seed_covert_actions_before", "seed_talk_of_evaluation", "seed_sabotage_after_reward_hacking"]

_ = command("template", *QUESTIONS, *SEEDS, "--out", "sheet.xlsx")

# %% [markdown]
# ## 2. Ten SYNTHETIC people fill it in
#
# What is "true" here is a network somewhere near the argument's.  The people know it with biases and errors of their
# own; half of them lean to either side, and one states intervals that are far too narrow.

# %%
from precursor.argument.scenario import read_scenario
from precursor.inference.simulation import Population, around, simulate, truths_at
from precursor.inference.surveys import open_reader

declared = open_reader(str(FOLDER)).shared.questions
truth = around(read_scenario(shipped_data() / "scenarios" / "argument.toml"), spread=0.7, seed=1)
truths = truths_at([declared[name] for name in (*QUESTIONS, *SEEDS)], truth, {})
crowd = simulate(truths, people=10, seed=3, population=Population(width_factor=1.5, width_spread=1.0), camps=True)

# %% [markdown]
# Survey tools hand back a *wide* table: one row a person, quantiles in columns of their own, sliders in percent.  Ours
# has three faults, as real ones do: someone typed a fraction in a column of percent, someone filled in the quantiles
# from high to low, and someone pressed "send" twice.

# %%
rows = {person.id: {"token": person.id, "camp": person.camp} for person in crowd.people}
for given in crowd.answers:
    if given.form == "quantiles":
        parts = dict(part.split(": ") for part in given.answer.split("; "))
        rows[given.expert] |= {f"{given.question}[{level}]": value for level, value in parts.items()}
    elif given.form == "point":
        rows[given.expert][given.question] = f"{100 * float(given.answer):g}"
    else:
        rows[given.expert][given.question] = given.answer

rows["twice"] = rows["synthetic_10"] | {"token": "synthetic_11"}
third = rows["synthetic_03"]["core_contained"]
rows["synthetic_03"]["core_contained"] = f"{float(third) / 100:g}"
low, high = "core_deceptive[5%]", "core_deceptive[95%]"
rows["synthetic_07"][low], rows["synthetic_07"][high] = rows["synthetic_07"][high], rows["synthetic_07"][low]


def write_export():
    """Write the table as the survey tool would."""
    with (FOLDER / "export.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows["synthetic_01"]])
        writer.writeheader()
        writer.writerows(rows.values())


write_export()
for name in ("synthetic_01", "synthetic_02", "synthetic_03"):
    print({column: value for column, value in rows[name].items() if not column.startswith("seed")})

# %% [markdown]
# ## 3. Import
#
# The first call only drafts a *mapping*: which column is what.  It leaves blank what it cannot know.

# %%
_ = command("import", "export.csv", "--mapping", "mapping.toml")

# %% [markdown]
# The slider was in percent, and the survey is synthetic: that is for us to say.  The second call then refuses what
# cannot be right, names row and column, and writes nothing.

# %%
mapping = FOLDER / "mapping.toml"
text = mapping.read_text().replace('unit = ""', 'unit = "percent"', 1).replace("synthetic = false", "synthetic = true")
text = text.replace('title = "Answers from export.csv"', 'title = "SYNTHETIC survey: nobody was asked"')
text = text.replace('"not stated"', '"SYNTHETIC"')
mapping.write_text(text)

_ = command("import", "export.csv", "--mapping", "mapping.toml", "--out", "synthetic_first")

# %% [markdown]
# In life you would ask the two people what they meant.  Corrected, the table goes in.

# %%
rows["synthetic_03"]["core_contained"] = third
rows["synthetic_07"][low], rows["synthetic_07"][high] = rows["synthetic_07"][high], rows["synthetic_07"][low]
write_export()

_ = command("import", "export.csv", "--mapping", "mapping.toml", "--out", "synthetic_first")

# %% [markdown]
# ## 4. Check, then accept
#
# `check` never forbids an opinion.  It points at what looks like typing or copying: here, the form that was sent twice.

# %%
_ = command("check", "synthetic_first")

# %% [markdown]
# The second copy is line 12 of the export; the mapping drops it.  `accept` then makes the survey part of the (here:
# temporary) store, with a hash of every file.

# %%
mapping.write_text(mapping.read_text().replace("drop_rows = []", "drop_rows = [12]"))
_ = command("import", "export.csv", "--mapping", "mapping.toml", "--out", "synthetic_survey")
_ = command("accept", "synthetic_survey")

# %% [markdown]
# ## 5. What would it change?
#
# Before: a run on two small published surveys, which only say how bad it will be in the end.  `--quick` takes too few
# draws for a result: a run that fails its checks says so, first of all, and ends with exit status 1.  In earnest, leave
# it out.

# %%
SAMPLING = ("--quick", "--seed", "1")
_ = command("fit", "ai_impacts_2023", "bensinger_2021", *SAMPLING, "--name", "before")

# %% [markdown]
# A *preview* weighs the draws that are there by how well they fit the new answers.  That is nearly free, and good for
# a few answers.  Pareto k says whether it may be believed: a high k means that a handful of draws carry everything.

# %%
_ = command("update", "before", "synthetic_survey", "--preview")

# %% [markdown]
# Then the fit of everything together, and the comparison: three sentences, what moved, and whose answers moved the
# first number.  (Without `--json` the command prints the new headline and all this by itself.)

# %%
from precursor.cli.compare import comparison_lines

words = ("update", "before", "synthetic_survey", *SAMPLING, "--name", "after")
made = json.loads(command(*words, "--json", quiet=True))
print("passed its checks:", made["converged"])
print(*comparison_lines(made["comparison"]), sep="\n")

# %% [markdown]
# The same as a figure (`precursor compare before after --svg FILE` draws it too): every bar is one person's, or one
# question's, part of how far "the system is deceptive" moved.  The parts sum to the move.  "Sharing" belongs to no
# single answer: an answer is worth something else beside others to the same question.

# %%
from IPython.display import SVG

from precursor.figures.comparison import draw
from precursor.figures.style import svg

SVG(svg(draw(made["comparison"])))

# %% [markdown]
# ## 6. What the seeds taught about each person
#
# Precursor learns four things of a person, in the same fit: bias, extremity, noise, and by what factor stated intervals
# have to be widened.  Numbers in brackets are merely what is expected of anybody.

# %%
_ = command("experts", "after")

# %% [markdown]
# Cooke's classical model uses the seeds for one thing, a *weight*: calibration (do known values fall between the
# quantiles as often as they should?) times information (how narrow are the intervals?).

# %%
_ = command("classical", "synthetic_survey")

# %% [markdown]
# As these people are made up, we know their true factors.  Three seeds each pull little: what is
# learned stays near everybody's.

# %%
summary = json.loads((FOLDER / "reports" / "after" / "summary.json").read_text())
factors = {person["label"]: person["width_factor"] for person in summary["experts"]}
for person in crowd.people:
    learned = next(value for label, value in factors.items() if person.id in label)
    print(f"{person.id}: true width factor {person.width_factor:5.2f}; learned", end=" ")
    print(f"{learned['median']:.2f} ({learned['low']:.2f} to {learned['high']:.2f})")

# %% [markdown]
# ## 7. What not to conclude
#
# * **Nothing about AI.**  The answers are SYNTHETIC, and the run before them left out nearly every survey there is.
# * **Not who is right.**  A person's part of the move says whose answers mattered, given everybody else's.
# * **Not who is good, from three seeds.**  The intervals above are wide.  Cooke's weights are sharp, often one person's
#   alone, but as little informed; practice wants ten seeds or more.
# * **Not that more people would settle it.**  An error that all share does not average out, and only outcomes can show
#   it: how large it may be is a decision, stated in every report.
# * **Not from a preview with a high k**, and not from a run that failed its checks: exit status 1 says so.
