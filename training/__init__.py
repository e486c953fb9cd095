"""Makes the attribution tagger from the PolNeAR corpus: `python -m training.train`, see docs/model-card.md."""
