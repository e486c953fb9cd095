"""House style of the agencies: dateline, byline, sign-off, advisory, correction, kill."""
