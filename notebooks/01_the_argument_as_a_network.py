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
# # The argument as a network
#
# Will a model that is trained by gradients end up deceptive: aiming at something else, and playing along until it no
# longer has to?  The argument says that this is unlikely, because a model comes to understand what its training is for
# before it has goals that reach far enough to make waiting worthwhile.  Its critics doubt the order, or that it
# matters.
#
# Both sides tell a story about what emerges when.  Here that story is one network, and the two sides are two sets of
# numbers in it: two *scenarios*.  Whatever can be asked of the network is answered exactly, without sampling.

# %%
import precursor

SIDES = ("argument", "critic")


def ask(query):
    """Return the answer of both sides."""
    return {side: precursor.query(query, scenario=side) for side in SIDES}


def show(answers):
    """Print one line a side."""
    for side, value in answers.items():
        print(f"{side:10}{value:.4f}")


# %% [markdown]
# ## The network
#
# How a system is trained (left) decides what it acquires and in which order (middle), and with that what it turns out
# to be; on the right is what may follow.  The bars are the answers of the argument's scenario.

# %%
precursor.network_picture("argument")

# %% [markdown]
# ## How likely is deception?
#
# Both scenarios fix the training regime that the argument has in mind: pre-training on text, fine-tuning on human
# feedback, long tasks only after short ones, and a model that is frozen once it is deployed.

# %%
show(ask("P(model_outcome=deceptive)"))

# %% [markdown]
# Deception is one of four outcomes.  A goal beside the one intended need not be deceptive, and a model can come out
# without any goal of its own.

# %%
outcomes = ask("P(model_outcome)")
precursor.chart({state: {side: outcomes[side][state] for side in SIDES} for state in outcomes["argument"]})

# %% [markdown]
# ## What the order of emergence does
#
# The argument turns on an order: is the base goal understood before there is a goal at all (first), or at least before
# there are long-term goals (second)?

# %%
show(ask("P(base_goal_understood < goal_directed)"))
show(ask("P(base_goal_understood < long_term_goals)"))

# %% [markdown]
# And this is what the order is worth.  If long-term goals came before understanding (first pair), deception is a real
# danger on either side.  If understanding came before any goal (second pair), the argument all but rules it out and the
# critic does not: the order alone is not enough.  A goal must also form around what was understood, and training must
# correct one that did not, and the critic grants less of both.

# %%
show(ask("P(model_outcome=deceptive | emergence_order=long_horizon_first)"))
show(ask("P(model_outcome=deceptive | base_goal_understood < goal_directed)"))

# %% [markdown]
# The *correction window* is the time in which a model already understands the base goal, still aims at a proxy, and is
# not yet able to scheme: time in which training can put it right.  It is measured in phases of training.

# %%
show(ask("E(correction_window)"))

# %% [markdown]
# ## Other regimes
#
# `do(...)` sets an assumption and overrides what the scenario says of it.  Training that goes on after deployment gives
# awareness and long horizons more time, but correction as well, unless what is trained for turns against the model's
# goal, as evolution's aims did against ours.  (How fast goals then drift no scenario says: it is the prior's median.)

# %%
for regime in ("frozen", "alternating", "continual_same", "continual_opposed"):
    answers = ask(f"P(model_outcome=deceptive | do(train_deploy_regime={regime}))")
    print(f"{regime:20}" + "  ".join(f"{side} {value:.4f}" for side, value in answers.items()))

# %% [markdown]
# Differential adversarial examples are inputs on which the proxy and the base goal part.  Without them training cannot
# see a proxy, and cannot correct it; but then a proxy costs nothing either, and there is no reason to deceive.

# %%
for examples in ("present", "absent"):
    for side, outcome in ask(f"P(model_outcome | do(differential_adversarial_examples={examples}))").items():
        print(f"{examples:10}{side:10}deceptive {outcome['deceptive']:.4f}  proxy {outcome['proxy']:.4f}")

# %% [markdown]
# ## What would follow
#
# Downstream of the outcome there is more than deception: rewards that are optimised for their own sake, proxies that
# fail in the open, many obedient systems at odds.  The scenarios say nothing of these, so here the prior's medians
# stand in for them, alike on both sides; the difference between the lines is what the training story alone brings.

# %%
show(ask("P(existential_catastrophe=yes)"))
show(ask("P(existential_catastrophe=yes | do(deceptive_defection=no))"))

# %% [markdown]
# ## What the experts' answers say
#
# A scenario is one set of numbers: a reading of one side.  A *run* weighs the answers of many people, and has a
# distribution for every quantity: its mean is the probability, its spread says how unsure the model is of it, and the
# *next expert* is what one more person might answer.  If the repository's own run is here, this is its headline.

# %%
NAMES = ["deceptive", "deceptive, the argument's own case", "catastrophe", "catastrophe, given TAI", "extinction"]


def headline(run):
    """Return what was thought before anybody was asked, what is thought now, and what one more person may say."""
    parts = {"before any answer": "prior", "with all answers": "posterior", "the next expert": "next_expert"}
    items = zip(NAMES, run.summary["headline"], strict=True)
    return {name: {words: item[part] for words, part in parts.items()} for name, item in items}


try:
    shown = precursor.chart(headline(precursor.Run.open("baseline")))
except precursor.InputError:
    shown = "There is no reports/baseline here: `make baseline` makes it."
shown

# %% [markdown]
# The axis is one of odds, on which evidence adds up.  What this does **not** mean: that deception has that chance.  It
# is what somebody would have to hold who accepts the network, the priors, and our reading of what people said.
