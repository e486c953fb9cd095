"""Page to article: body, title, authors, times."""
