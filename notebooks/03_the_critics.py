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
# # The critics
#
# The argument says: deceptive alignment is under one per cent likely.  Several authors have answered.  Where exactly
# do the sides part, how much does each difference matter, and what would one have to grant to change one's mind?
#
# What authors wrote is *our reading of* their texts; each reading says where it was found.

# %%
import precursor

DECEPTIVE = "P(model_outcome=deceptive)"
critics = precursor.load_survey("critics_premises")
precursor.table(
    critics.judgements[::6],
    {"our reading of": "expert", "question": "question", "said": "text", "where": "comment"},
)

# %% [markdown]
# A few of some thirty readings.  They are premises (steps), not bottom lines.
#
# ## Two sides in one network
#
# The scenarios `argument` and `critic` are two sets of numbers for the same network.  What becomes of the system?

# %%
outcomes = {side: precursor.query("P(model_outcome)", scenario=side) for side in ("argument", "critic")}
precursor.chart({state: {side: outcomes[side][state] for side in outcomes} for state in outcomes["argument"]})

# %% [markdown]
# More than two hundred times as likely on one side as on the other, without any difference in what follows from what.
#
# ## Which beliefs make the gap?
#
# In log-odds, where evidence adds up.  Let one group of beliefs after the other change hands, in every order, and
# average what each moves: these shares sum to the whole gap.

# %%
gap = precursor.difference("argument", "critic", DECEPTIVE)
precursor.chart(
    {row["meaning"]: {"share": row["share"], "alone": row["alone"], "last": row["last"]} for row in gap["groups"]},
    unit="log-odds",
    title=f"argument to critic: {gap['gap']:.1f} in log-odds",
)

# %% [markdown]
# "Alone" is what a group moves if it is the first to change, "last" if all others have changed before.  Where they
# differ, beliefs depend on each other: early understanding is worth most to somebody who grants good pointing and
# correction as well.  So "what is the crux?" has no answer without "starting from whom?".
#
# ## The fewest beliefs that close half of the gap

# %%
for side in ("from_a", "from_b"):
    steps = gap["half"][side]["best"]
    best = next((step for step in steps if step["closed"] >= 0.5), steps[-1])
    print(gap["a" if side == "from_a" else "b"]["name"] + " would have to adopt", *best["beliefs"], sep="\n    ")
    print(f"    which closes {best['closed']:.0%} of the gap\n")

# %% [markdown]
# Three numbers of several dozen.  A discussion of those is worth more than one of "how likely is doom?".
#
# ## What if one side gave way a little?
#
# Each row: the argument's answer if it went a quarter, half, three quarters or all of the way to the critic, in one
# group of beliefs only.

# %%
found = precursor.concessions("argument", "critic", DECEPTIVE)
shares = {f"{share:.0%}": i for i, share in enumerate(found["shares"])}
precursor.table(
    [{"part": row["part"], **{name: row["answers"][i]["mean"] for name, i in shares.items()}} for row in found["rows"]],
    {"gives way in": "part", **{name: name for name in shares}},
    percent=shares,
)

# %% [markdown]
# No single concession brings the argument near the critic.  It takes several, and they multiply.
#
# ## The same as data
#
# A scenario is one set of numbers.  The published run listens to people: *stances* differ only in to whom.

# %%
baseline = precursor.Run.open("baseline")
stances = {stance["title"]: stance["headline"][0]["posterior"] for stance in baseline.summary["stances"]}
precursor.chart(stances, title="The system is deceptive, given gradient training")

# %% [markdown]
# Dot: probability; bar: how far the network's unknowns leave it open.  The stances are much closer than the scenarios:
# a phrase such as "unlikely" is a vague measurement, authors are silent on most of the network, and where they are
# silent the prior speaks for both.
#
# ## Do the premises imply the bottom line?
#
# Authors also say what they conclude.  Those sentences were held out of the fit: they are compared with what the same
# author's premises imply.  Here one for each author.

# %%
rows = {row["person"]: row for row in reversed(baseline.summary["stated"]) if row["implied"]}.values()
precursor.table(
    rows,
    {"our reading of": "person", "about": "question", "said": "answer", "premises imply": "implied", "from": "basis"},
)

# %% [markdown]
# Where the implied interval misses what was said, either the author holds more than we read, or weighs the steps
# differently, or the prior fills a gap that the author would have filled otherwise.
#
# ## What not to conclude
#
# * **Not who is right.**  The network says what follows from what, not which premise is true.
# * **Not that these are all critics.**  They are those whose texts we read, each a few sentences.
# * **Not what an author thinks**: only what we read.
