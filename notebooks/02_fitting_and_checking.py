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
# # Fitting and checking
#
# A *fit* starts from what is thought possible before anybody answers (the *prior*), listens to people, and ends with
# what is then thought possible (the *posterior*).  This notebook fits a small survey, asks whether the computer did its
# work, and looks at what the answers changed.
#
# **The survey is SYNTHETIC**: four people who do not exist, four questions about the argument's own way of training.
# No number below says anything about AI.

# %%
import precursor

survey = precursor.load_survey("small_survey")
print(survey.title)
precursor.table(
    survey.judgements,
    {"who": "expert", "question": "question", "form": "form", "answer": "text"},
)

# %% [markdown]
# Dov stands out: nearly certain of deception, yet of one mind with the others on everything that leads there.  We shall
# see what becomes of him.
#
# ## The fit
#
# All unknowns of the network are drawn at random together, so that draws that suit the answers come up more often.
# Four *chains* of draws start in different places.  Most of the time goes into translating the model for the machine,
# once; `precursor.fit` does both in one go.

# %%
model = precursor.compile_model([survey])
fit = model.sample(precursor.Settings())
prior = precursor.fit([])
print(f"{fit.latent.shape[0]} chains of {fit.latent.shape[1]} draws")

# %% [markdown]
# ## Did it work?
#
# Before looking at any result: did the four chains end up telling the same story?

# %%
COLUMNS = {"check": "name", "found": "value", "wanted": "threshold", "passed": "passed", "in words": "meaning"}
precursor.table(precursor.checks(fit), COLUMNS, digits=4)

# %% [markdown]
# *R-hat* compares how far the chains lie from each other with how far each roams by itself.  At 1 you could not tell
# which chain a draw came from.  At 1.1 the chains still disagree about where the answer lies, and the result depends on
# where they began.  *Effective sample size* says how many independent draws the draws are worth: neighbours in a chain
# resemble each other.  Passing says that the arithmetic was done, not that the model is right.
#
# ## What a failed check looks like
#
# The same model, stopped much too early.

# %%
hasty = model.sample(precursor.Settings(draws=50, tune=20))
precursor.table(precursor.checks(hasty), COLUMNS, digits=4)

# %% [markdown]
# And this is what it means.  Of all the network's unknowns take the one on which the hasty chains differ most, and look
# at it as each chain sees it (in log-odds, or for a ratio in logarithms).

# %%
unknowns = hasty.unconstrained
apart = unknowns.mean(axis=1).std(axis=0) / unknowns.std(axis=(0, 1)).clip(1e-9)
worst = apart.argmax()
chains = {"good fit": fit.unconstrained[..., worst], "hasty fit": unknowns[..., worst]}
precursor.chart(
    {f"chain {i + 1}": {name: draws[i] for name, draws in chains.items()} for i in range(4)},
    unit="log-odds",
    title=hasty.plan.space.names[worst],
)

# %% [markdown]
# In the good fit the four agree.  In the hasty one each has seen its own part of what is possible.  The headline may
# look the same all the same, by luck: that is why the checks look at every unknown and report the worst.

# %% [markdown]
# ## What did the answers change?
#
# The four questions, and the headline, before and after.  Deception was asked about for one way of training only; the
# headline averages over all of them, and moves as far as they have unknowns in common.

# %%
DECEPTIVE = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
asked = {question.id: str(question.query) for question in survey.questions.values() if question.id.startswith("small_")}
quantities = {id_.removeprefix("small_"): query for id_, query in asked.items()} | {"the headline": DECEPTIVE}
precursor.chart(
    {
        name: {"before": precursor.query(query, run=prior), "after": precursor.query(query, run=fit)}
        for name, query in quantities.items()
    }
)

# %% [markdown]
# Four people do not settle much.  The intervals narrow, and stay wide, because people may err *together*: how far is a
# decision, no data can tell.
#
# ## Would these people have been expected?
#
# A fit that passed its checks may still describe the people badly.  So each answer is held against the range in which
# such a person's answer was expected, that person's other answers unknown.  *Surprise* is the probability of an answer
# at least as far out: a few per cent is a person whom the model does not understand.

# %%
rows = precursor.judgements(fit)
precursor.table(
    rows,
    {
        "who": "label",
        "question": "question",
        "answered": "answer",
        "expected, 90 %": "predicted",
        "surprise": "surprise",
    },
)

# %% [markdown]
# Dov's answer on deception is the one that surprises.  Nothing forces him to be wrong: he may see a way to deception
# that is not in the network.  The fit takes him for an outlier, and his *other* answers count for less as well.
#
# The answers that are single numbers, as dots, beside what the fit says of each quantity:

# %%
precursor.chart(
    {
        f"{row['question'].removeprefix('small_')}: {row['label']}": {"answered": row["stated"], "fit": row["implied"]}
        for row in sorted(rows, key=lambda row: (row["question"], row["label"]))
        if row["stated"] == row["stated"]
    }
)

# %% [markdown]
# ## What not to conclude
#
# * **Nothing about AI**: the answers are SYNTHETIC.
# * **Not that the model is right**, because its checks passed: they are about the arithmetic.
# * **Not that Dov is wrong**, because he is surprising: surprise is a question to ask, not an answer.
# * **Not that narrow is better.**  A model that left out shared error would give narrower intervals, and no reason to
#   believe them.
