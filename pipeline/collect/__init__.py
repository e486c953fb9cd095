"""HTTP client, feed parsing, pure polling and change decisions, the archive."""
