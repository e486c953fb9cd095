"""The relation model: what a later statement does to an earlier one. ``python -m training.relations.train``."""
