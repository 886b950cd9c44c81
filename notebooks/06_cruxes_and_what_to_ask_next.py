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
# # Cruxes, and what to ask next
#
# A posterior is not the end.  What drives the number?  Does it rest on answers or on the prior?  What would be worth
# learning, and which five questions should the next survey hold?  All of it from the published run `baseline`.

# %%
import precursor

DECEPTIVE = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
drives = precursor.sensitivity("baseline", [DECEPTIVE])
query = drives["queries"][0]
print(f"now {query['present']['mean']:.1%} ({query['present']['low']:.1%} to {query['present']['high']:.1%})")

# %% [markdown]
# ## What drives it?
#
# Each row moves one unknown from its 5 % to its 95 % and leaves all else as it is.  The dashed line is where we are.
# In brackets are the two ends: a probability, or for what hastens something how many times faster it happens.  The name
# that a scenario file uses for an unknown is `bar["parameter"]`.

# %%
bars = query["tornado"][:10]
precursor.chart(
    {
        f"{bar['words']} ({bar['low']:.2g} to {bar['high']:.2g})": {
            "at its 5 %": bar["moved"]["low"],
            "at its 95 %": bar["moved"]["high"],
        }
        for bar in bars
    },
    now=query["present"]["mean"],
    joined=True,
)

# %% [markdown]
# No single unknown carries the number: several move it by a few points each, either way.
#
# The same by groups of beliefs: *alone*, the share of the spread that a group explains by itself; *total*, with
# everything that it acts through.

# %%
groups = query["posterior_indices"]["groups"]
precursor.chart({row["group"]: {"alone": row["first"], "total": row["total"]} for row in groups}, unit="share")

# %% [markdown]
# ## Prior or answers?
#
# Give the prior, or the answers, a little more weight, and see how fast the result moves.  Here both pull, and
# yet no group of beliefs whose prior is made half as wide again moves it by much.

# %%
print(query["power_scaling"]["diagnosis"])
precursor.table(
    [row for row in query["prior_swap"] if row["family"] == "normal" and row["spread"] > 1 and row["trusted"]],
    {"a wider prior for": "group", "would give": "mean"},
    percent=["would give"],
)

# %% [markdown]
# And what did the answers teach?  One *bit*: as if half of what was thought possible had been ruled out.  Many
# unknowns learned next to nothing: for them the prior is all there is.

# %%
learned = drives["learned"]
print(sum(row["bits"] < 0.1 for row in learned), "of", len(learned), "unknowns learned less than a tenth of a bit")
precursor.chart({row["words"]: row["bits"] for row in learned[:10]}, unit="bits")

# %% [markdown]
# ## What would be worth learning?
#
# An *indicator* is something that could be observed.  If we knew whether it happens, how far would the answer move?

# %%
CATASTROPHE = "P(existential_catastrophe=yes)"
worth = precursor.value_of_information("baseline", [DECEPTIVE, CATASTROPHE])
indicators = {one["target"]: one["rows"][:6] for one in worth["indicators"]}
precursor.table(
    indicators[CATASTROPHE],
    {
        "indicator": "indicator", "it happens": "predictive.p_c", "catastrophe if so": "predictive.p_u_given_c",
        "if not": "predictive.p_u_given_not_c", "expected move": "predictive.shift",
    },
    percent=["it happens", "catastrophe if so", "if not", "expected move"],
)  # fmt: skip

# %% [markdown]
# An indicator that hardly ever happens is worth little, however telling it would be.
#
# ## Which five questions should the next survey hold?
#
# Not the five best by themselves: those would ask the same thing five times.  The set that teaches most *together*,
# put to ten experts, about both headline numbers, leaving out questions that merely restate them.

# %%
wordings = {row["question"]: row["wording"] for one in worth["questions"]["targets"] for row in one["rows"]}
survey = worth["questions"]["together"]
precursor.table(
    [{**step, "wording": wordings[step["question"]]} for step in survey["next"]],
    {"question": "question", "wording": "wording", "gone so far": "removed"},
    percent=["gone so far"],
)

# %% [markdown]
# "Gone" is the expected share of the variance of the two log-odds.  It stops well short of all: ten experts may err
# together, and no number of experts helps against that.

# %%
best = max(worth["questions"]["targets"][0]["rows"], key=lambda row: row["panel"])
print(best["question"])
for name, key in (("one expert", "one_expert"), ("ten experts", "panel"), ("an answer without error", "perfect")):
    print(f"    {name}: {best[key]:.0%} of the variance gone")

# %% [markdown]
# ## The forecasters' own way of reckoning
#
# In the adversarial collaboration forecasters said how probable each indicator is and how far it would move them.
# Their formula, applied to the mean of their beliefs, and ours, applied to one belief that holds all answers:

# %%
precursor.table(
    [row for row in worth["forecasters"] if row["parts"]],
    {
        "indicator": "indicator", "their formula": "pooled.shift", "the network": "model.predictive.shift",
        "factor: bottom line": "parts.bottom_line", "factor: how likely": "parts.likely",
        "factor: update": "parts.update",
    },
    percent=["their formula", "the network"],
)  # fmt: skip

# %% [markdown]
# The network's value is theirs times the three factors.  It is smaller above all because its bottom line is: a mean of
# probabilities is ruled by the largest of them, and the fit draws extreme answers towards the others.
#
# ## Experiments
#
# Published experiments on deception are in the network too, but hardly anybody has stated how much likelier each would
# be if systems turned out deceptive.  So their effect is what the prior says: next to none.  What could they do?

# %%
precursor.chart(
    {
        row["indicator"]: {
            "as judged": row["targets"][DECEPTIVE]["judged"]["observed"]["mean"],
            "if three times likelier": row["targets"][DECEPTIVE]["at_ratio"][2]["observed"],
        }
        for row in worth["evidence"]
    },
    now=query["present"]["mean"],
    joined=True,
)

# %% [markdown]
# Asking experts for such ratios would be worth more than asking them once more for a bottom line.
#
# ## What not to conclude
#
# * **Not that what moves the number most is most important**: an unknown may matter little because it is well known.
# * **Not that these five questions are enough**: they are the best of those that we have written.
# * **Not that disagreement would end.**  What a question is expected to remove is reckoned by this network, which holds
#   its own form for certain.
