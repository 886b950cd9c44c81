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
# # Interventions and pathways
#
# By which ways does the network get to an existential catastrophe, and what would change it?  All numbers are those of
# the published run `baseline`: 4,000 sets of the network's unknowns, each of which suits the answers that were fitted.

# %%
import precursor

found = precursor.pathways("baseline")
total = found["pathways"]["total"]
print(f"Existential catastrophe by 2100: {total['mean']:.1%} ({total['low']:.1%} to {total['high']:.1%})")

# %% [markdown]
# ## Five ways
#
# Deception is one of them.  Causes overlap, so "its share" needs a rule: what a way adds, averaged over all orders in
# which ways could be added (Shapley).  These shares sum to the total.

# %%
ways = found["pathways"]["pathways"]
precursor.table(
    ways,
    {
        "way": "pathway",
        "it happens, given TAI": "happens",
        "existential through it": "existential_through",
        "of the total": "share_of_total",
        "the total without it falls by": "fall",
    },
    percent=["of the total"],
    points=["the total without it falls by"],
)

# %%
precursor.chart({row["pathway"].removesuffix("_catastrophe"): row["existential_through"] for row in ways})

# %% [markdown]
# The intervals overlap almost entirely: the answers do not tell which way is the widest.
#
# ## What if deception were ruled out?
#
# Two different questions.  *Nobody defects*: deceptive systems exist and never act.  *No deceptive system*: we learn
# that the system is not deceptive, and what it is instead brings its own dangers.

# %%
precursor.chart(
    {
        "as it is": total,
        "no deceptive system ever defects": found["pathways"]["ruled_out_by_do"],
        "the system is not deceptive": found["pathways"]["given_not_deceptive"],
    },
    title="Existential catastrophe by 2100",
)

# %% [markdown]
# ## One thing at a time: what makes deception likelier?
#
# Each row sets one thing about training and compares it with the usual state, *within each set of unknowns*: so the
# interval says how sure the difference is, which two overlapping intervals would not.

# %%
on_deception = [row for row in found["interventions"] if row["target"] == "deceptive" and not row["reference"]]
effects = [
    {**row, "name": f"{row['node']}: {row['state']}", "effect": row["against_reference"]} for row in on_deception
]
precursor.chart({row["name"]: row["effect"] for row in effects}, unit="points", title="Effect on a deceptive system")

# %% [markdown]
# Both sides make claims about such effects.  *Probability* is that the claim holds (a claim of no difference: that it
# is under one percentage point).

# %%
precursor.table(
    [row for row in on_deception if row["claimed"]],
    {
        "if": "node", "is": "state", "effect, points": "against_reference", "claimed by": "claimed.by",
        "claim": "claimed.says", "because": "claimed.reason", "probability": "claimed.probability",
    },
    points=["effect, points"],
)  # fmt: skip

# %% [markdown]
# A probability near one half is not evidence against a claim: the answers do not bear on it.
#
# ## Does it hold whichever way systems are deployed?

# %%
by_state = {}
for row in found["interventions_by_regime"]:
    if (row["target"], row["objective"]) == ("deceptive", "human_feedback"):
        by_state.setdefault(f"{row['node']}: {row['state']}", {})[row["regime"]] = row["against_reference"]["mean"]
precursor.chart(by_state, unit="points", title="Effect on a deceptive system, by training and deployment")

# %% [markdown]
# Where an effect is clear, its sign is the same under every regime.  Memory of deployment only matters where training
# and deployment alternate, and hardly there.
#
# ## Two things at once
#
# `do(...)` takes several.  Do two bad habits add up?

# %%
GIVEN = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes, do({}))"
HABITS = {
    "neither": "long_horizon_training=after_short_horizon, objective_revision=none",
    "long tasks from the start": "long_horizon_training=from_start, objective_revision=none",
    "the aim is revised midway": "long_horizon_training=after_short_horizon, objective_revision=between_phases",
    "both": "long_horizon_training=from_start, objective_revision=between_phases",
}
precursor.chart({name: precursor.query(GIVEN.format(do), run="baseline") for name, do in HABITS.items()})

# %% [markdown]
# ## What to work on first?
#
# By how much the total would fall without each danger (for governance: if it were strong).  The argument's own
# implication is that other dangers come first.  It depends on whom one asks:

# %%
AREAS = {"governance": "governance", "deception": "deception", "multipolar": "multipolar",
         "reward optimisers": "direct_reward_optimizers", "proxy goals": "proxy_goals"}  # fmt: skip
falls = [{**one, **{row["area"]: row["fall"]["mean"] for row in one["areas"]}} for one in found["priorities"]]
precursor.table(falls, {"asked of": "source", **AREAS, "this order is right": "ranking_holds"}, percent=True)

# %% [markdown]
# The last column is the probability that the whole order holds: one for a scenario, which is a single set of numbers,
# and small for the run.  The run cannot rank these dangers; the scenarios can only because they do not doubt.
#
# ## What not to conclude
#
# * **Not that an intervention is possible or wise**: `do` sets something without saying how, or at what price.
# * **Not that what is not a row does not matter.**  The network knows one system, four phases, and five ways.
# * **Not a ranking**, where its probability is small.
