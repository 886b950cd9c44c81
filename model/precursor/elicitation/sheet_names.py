"""What the sheets of a template are called."""

from __future__ import annotations

ANSWERS, INSTRUCTIONS, LISTS = "Answers", "How to answer", "Lists"
