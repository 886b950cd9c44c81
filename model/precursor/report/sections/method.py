"""What the model is, in a page, and the words that the report uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    PRIOR_MARK,
    Section,
    contents,
    emphasis,
    figure,
    from_queries,
    heading,
    items,
    paragraph,
    section,
    strong,
)


def method(data: Mapping[str, Any]) -> Section:
    """Return the section on the model."""
    return section(
        "method",
        "The model in a page",
        paragraph(
            emphasis("Deceptive Alignment is <1% Likely by Default"),
            " (David W., 2023) holds that a system trained in today’s way will understand what training wants before "
            "it has goals of its own, so that training points those goals at the right thing. Its critics expect "
            "goals first. Precursor writes both down as one Bayesian network, answers any question about it exactly, "
            "and updates it with what people have stated.",
        ),
        heading("The system and its training"),
        paragraph(
            "The network speaks of ",
            strong("one system"),
            ": the first transformative one that is deployed. In training it may acquire four properties, each with "
            "some chance in each phase (pre-training, fine-tuning on short and then on long tasks, deployment):",
        ),
        items(
            [strong("goal-directed"), ": it pursues goals at all;"],
            [
                strong("long-term goals"),
                ": it cares about things far enough away that waiting would pay (only once goal-directed);",
            ],
            [strong("base goal understood"), ": it has the concept of what training rewards;"],
            [strong("situationally aware"), ": it knows that it is a model in training."],
        ),
        paragraph(
            "A goal points either at the ",
            strong("base goal"),
            ", what training rewards, or at a ",
            strong("proxy"),
            ", a separate concept that happened to do well. Fine-tuning can correct a proxy where it tells the two "
            "apart (where ",
            emphasis("differential adversarial examples"),
            " exist). A system with all four properties and a proxy is a ",
            strong("schemer"),
            "; if it also plays along it is ",
            strong("deceptive"),
            ". What the system turns out to be leads, through governance, defection and oversight, to four kinds of "
            "catastrophe; these, and whatever they leave out, may be existential.",
        ),
        heading("How answers enter"),
        paragraph(
            "Every answer is taken as one person’s noisy view of a number that the network implies. A person may "
            "lean, exaggerate, belong to a camp, and be idiosyncratic on one question; and ",
            strong("all may err together"),
            ", since they read the same texts. Without that shared error a thousand people would make us certain. The "
            "discrete part is summed exactly; only the parameters are sampled.",
        ),
        heading("Words used below"),
        items(
            [
                strong("Probability"),
                ": the mean over what the parameters may be. ",
                strong("90 % interval"),
                ": the middle 90 % of the same; uncertainty of the model, not a frequency. ",
                strong("Prior"),
                ": what was assumed before any answer.",
            ],
            [
                strong("Log-odds"),
                ": the logarithm of p/(1−p); most figures use that scale, labelled in per cent, so that 0.1 % and 1 % "
                "are as far apart as 50 % and 91 %. ",
                strong("Bits"),
                ": how far an answer moved belief; one bit about halves the uncertainty.",
            ],
            [
                strong("Shapley share"),
                ": what a part adds, averaged over all orders in which the parts can be added, so that shares sum to "
                "the whole. ",
                strong("do(…)"),
                ": set by intervention, not observed.",
            ],
            [
                strong(f"{PRIOR_MARK} "),
                "marks a number of which the answers taught less than a tenth of a bit: it is the prior’s, and no "
                "better. ",
                strong("Our reading of"),
                " a name: we coded the answer from a text; its author did not give it.",
            ],
        ),
        contents("What is where"),
        figure(
            "network",
            "The network: assumptions on the left, training in the box, consequences on the right.",
            "Bars: the probability of each state (of two states, the first). Solid arrows: a direct cause. Dashed: "
            "acts on training as a whole, or is read off it. Dotted: one property hastens another. Training is given "
            "gradient-trained transformative AI; what follows the outcome (orange) is given transformative AI by 2100.",
            source=from_queries(*(node["query"] for node in data["nodes"])),
            about=[node["query"] for node in data["nodes"]],
            wide=True,
        ),
    )
