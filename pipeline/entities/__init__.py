"""Gazetteer, mentions, resolution, party."""
