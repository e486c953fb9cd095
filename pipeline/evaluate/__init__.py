"""Figures against gold: what ``make evaluate`` prints."""
