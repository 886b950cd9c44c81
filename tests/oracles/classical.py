"""Cooke's classical model, written out plainly: loops, a chi-square tail in closed form, quantiles by bisection.

An expert is a list with, for each item, a list of quantiles or None.  Scales are ``linear`` or ``log``; an unknown
realisation is None.  Shares no code with the package.
"""

from __future__ import annotations

import math
from itertools import pairwise


def on_background(value, scale):
    return math.log(value) if scale == "log" else value


def intrinsic_range(experts, item, scale, realisation, overshoot):
    """Lowest and highest of everything said of an item, lengthened."""
    said = [on_background(q, scale) for expert in experts if expert[item] for q in expert[item]]
    if realisation is not None:
        said.append(on_background(realisation, scale))
    low, high = min(said), max(said)
    return low - overshoot * (high - low), high + overshoot * (high - low)


def chi_square_tail(statistic, freedom):
    """P(X > statistic): for even freedom a Poisson sum, for odd freedom the like with half-integers."""
    half = statistic / 2
    if freedom % 2 == 0:
        return sum(math.exp(-half) * half**i / math.factorial(i) for i in range(freedom // 2))
    tail = math.erfc(math.sqrt(half))
    for i in range((freedom - 1) // 2):
        tail += math.exp(-half) * half ** (i + 0.5) / math.gamma(i + 1.5)
    return tail


def bin_probabilities(levels):
    edges = [0.0, *levels, 1.0]
    return [b - a for a, b in pairwise(edges)]


def calibration(expert, levels, realisations, seeds, rounding=1e-9):
    """A realisation that is a quantile, but for rounding, belongs to the bin below; realisations are above zero."""
    counts = [0] * (len(levels) + 1)
    for quantiles, realisation in zip(expert, realisations, strict=True):
        if quantiles and realisation is not None:
            bin_ = 0
            while bin_ < len(levels) and realisation > quantiles[bin_] * (1 + rounding):
                bin_ += 1
            counts[bin_] += 1
    answered = sum(counts)
    if answered == 0:
        return None
    relative = 0.0
    for count, p in zip(counts, bin_probabilities(levels), strict=True):
        if count:
            relative += count / answered * math.log(count / answered / p)
    return chi_square_tail(2 * seeds * relative, len(levels))


def information(quantiles, levels, scale, low, high):
    edges = [low, *[on_background(q, scale) for q in quantiles], high]
    total = math.log(high - low)
    for p, a, b in zip(bin_probabilities(levels), edges, edges[1:], strict=False):
        total += p * math.log(p / (b - a))
    return total


def fewest_seeds(experts, realisations):
    answered = [sum(bool(q) and r is not None for q, r in zip(e, realisations, strict=True)) for e in experts]
    return min(n for n in answered if n)


def scores(experts, judged, levels, scales, realisations, overshoot=0.1):
    """For each of ``judged``: calibration, information by item, and its means over seeds and over all items."""
    seeds = fewest_seeds(experts, realisations)
    ranges = [intrinsic_range(experts, i, scale, realisations[i], overshoot) for i, scale in enumerate(scales)]
    found = []
    for expert in judged:
        by_item = [
            information(expert[i], levels, scales[i], *ranges[i]) if expert[i] else None for i in range(len(scales))
        ]
        known = [v for v, r in zip(by_item, realisations, strict=True) if v is not None and r is not None]
        every = [v for v in by_item if v is not None]
        found.append(
            {
                "calibration": calibration(expert, levels, realisations, seeds),
                "information": by_item,
                "seed": sum(known) / len(known) if known else None,
                "all": sum(every) / len(every) if every else None,
            }
        )
    return found


def distribution(x, quantiles, levels, low, high):
    """The probability below x: linear between the points."""
    points, heights = [low, *quantiles, high], [0.0, *levels, 1.0]
    if x <= low:
        return 0.0
    for i in range(len(points) - 1):
        if x <= points[i + 1]:
            return heights[i] + (heights[i + 1] - heights[i]) * (x - points[i]) / (points[i + 1] - points[i])
    return 1.0


def mixture(experts, weights, levels, scales, realisations, overshoot=0.1):
    """The quantiles, item by item, of the experts mixed by ``weights[expert][item]``; None where none has weight."""
    quantiles = []
    for i, scale in enumerate(scales):
        low, high = intrinsic_range(experts, i, scale, realisations[i], overshoot)
        voices = [
            (w[i], [on_background(q, scale) for q in expert[i]])
            for expert, w in zip(experts, weights, strict=True)
            if expert[i] and w[i] > 0
        ]
        total = sum(weight for weight, _ in voices)
        if not voices:
            quantiles.append(None)
            continue
        answers = []
        for level in levels:
            a, b = low, high
            for _ in range(200):
                middle = (a + b) / 2
                below = sum(weight / total * distribution(middle, q, levels, low, high) for weight, q in voices)
                a, b = (middle, b) if below < level else (a, middle)
            answers.append(math.exp(b) if scale == "log" else b)
        quantiles.append(answers)
    return quantiles


def weights(found, scheme, items, significance=0.0):
    """``[expert][item]``: weights by scheme, those below significance 0."""
    rows = []
    for score in found:
        if scheme == "equal":
            rows.append([1.0] * items)
        elif score["calibration"] is None or score["calibration"] < significance * (1 - 1e-9):
            rows.append([0.0] * items)
        elif scheme == "global":
            rows.append([score["calibration"] * score["seed"]] * items)
        else:
            rows.append([score["calibration"] * (value or 0.0) for value in score["information"]])
    return rows


def optimised(experts, scheme, levels, scales, realisations):
    """The mixture with the largest calibration times information, over the experts' calibrations as levels."""
    found = scores(experts, experts, levels, scales, realisations)
    best = None
    for significance in sorted(score["calibration"] for score in found if score["calibration"] is not None):
        made = mixture(experts, weights(found, scheme, len(scales), significance), levels, scales, realisations)
        (own,) = scores(experts, [made], levels, scales, realisations)
        worth = own["calibration"] * own["seed"] if own["seed"] is not None else 0.0
        if best is None or worth > best[0] * (1 + 1e-9):
            best = worth, made, own
    return best
