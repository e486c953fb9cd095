"""The collector against servers that misbehave: one named case a row. Run with ``pytest tests/conformance``."""
