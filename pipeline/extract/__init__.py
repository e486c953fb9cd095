"""Page to article: body, title, authors, times."""

from pipeline.extract.article import EXTRACTOR_VERSION, extract_article, extract_articles

__all__ = ["EXTRACTOR_VERSION", "extract_article", "extract_articles"]
