"""Figures: the report's document in, matplotlib figures out; `pictures` lists them all with their alternative texts."""
