"""The figure of movements between rounds."""

from __future__ import annotations

import pytest

from precursor.figures.rounds import alt_text, draw
from precursor.figures.style import log_odds, svg


def movement(who, before, after, direction, rounds=(1, 2), part=""):
    return {
        "question": "a_question", "part": part, "label": who, "scale": "probability", "direction": direction,
        "before": log_odds(before), "after": log_odds(after), "moved": log_odds(after) - log_odds(before),
        "natural_before": before, "natural_after": after, "first": {"round": rounds[0]}, "second": {"round": rounds[1]},
    }  # fmt: skip


DATA = {
    "movements": [
        movement("Ada", 0.1, 0.2, "towards"),
        movement("Bob", 0.3, 0.3, "unchanged"),
        movement("Cy", 0.5, 0.9, "away"),
        movement("Di", 0.6, 1e-4, "past"),
        movement("Di", 1e-4, 0.5, "past", rounds=(2, 3)),
    ]
}


def test_one_arrow_for_everyone_who_moved_in_the_first_pair_of_rounds():
    figure = draw(DATA, "a_question")
    (axes,) = figure.axes
    arrows = [text for text in axes.texts if getattr(text, "arrow_patch", None) is not None]
    assert len(arrows) == 3
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["Ada", "Bob", "Cy", "Di"]
    styles = {text.arrow_patch.get_linestyle() for text in arrows}
    assert len(styles) == 3  # told apart without colour
    low, high = axes.get_xlim()
    assert all(low <= row[end] <= high for row in DATA["movements"] for end in ("before", "after"))


def test_later_rounds_on_request():
    figure = draw(DATA, "a_question", rounds=(2, 3))
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["Di"]


def test_same_data_same_bytes_and_text_stays_text():
    first = svg(draw(DATA, "a_question"))
    assert "<text" in first
    assert "a question" in first
    assert svg(draw(DATA, "a_question")) == first


def test_it_says_in_words_what_it_shows():
    said = alt_text(DATA, "a_question")
    assert "4 experts on a question" in said
    assert "3 moved, 2 of them towards" in said
    assert "Furthest: Di" in said


def test_a_distribution_is_shown_by_its_first_state_and_nothing_is_refused():
    data = {"movements": [movement("Ada", 0.1, 0.2, "towards", part="deceptive")]}
    assert "deceptive" not in svg(draw(data, "a_question", part="deceptive")).split("a question")[0]
    assert len(draw(data, "a_question").axes[0].get_yticklabels()) == 1
    with pytest.raises(ValueError, match="other"):
        draw(DATA, "other")
