"""What can come of a request, one word each, and what each word means for the next poll. A table, not code."""

from __future__ import annotations

from typing import Literal

FailureKind = Literal["none", "hard", "soft", "temporary"]

#: outcome -> how bad a failure it is. Hard: somebody changed something and must change it back. Soft: the server
#: answers, but not with what we asked for. Temporary: will pass. After the vocabulary of Media Cloud's rss-fetcher.
OUTCOMES: dict[str, FailureKind] = {
    "ok": "none",
    "not_modified": "none",
    "gone": "hard",
    "not_found": "hard",
    "forbidden": "hard",
    "forbidden_address": "hard",
    "client_error": "soft",
    "redirect_loop": "soft",
    "tls_failed": "soft",
    "dns_failed": "soft",
    "too_large": "soft",
    "truncated": "soft",
    "bad_encoding": "soft",
    "unreadable": "soft",
    "busy": "temporary",
    "server_error": "temporary",
    "timeout": "temporary",
    "connection_failed": "temporary",
}

#: how much one failure of a kind adds to a feed's account
WEIGHTS: dict[FailureKind, float] = {"none": 0.0, "hard": 1.0, "soft": 0.5, "temporary": 0.25}

_BY_STATUS = {
    401: "forbidden",
    402: "forbidden",
    403: "forbidden",
    404: "not_found",
    408: "server_error",
    410: "gone",
    421: "server_error",
    425: "busy",
    429: "busy",
    451: "forbidden",
    503: "busy",
    509: "busy",
    529: "busy",
}


def decide_outcome(status: int, was_conditional: bool, is_rate_limited: bool) -> tuple[str, str]:
    """Outcome and detail for a final status. ``is_rate_limited``: a header says that we asked too often, which some
    servers say with 403."""
    if status == 304:
        return ("not_modified", "") if was_conditional else ("server_error", "304 to a request without validators")
    if status == 206:
        return "truncated", "206 to a request without a range"
    if 200 <= status < 300:
        return "ok", ""
    if status in (401, 403) and is_rate_limited:
        return "busy", f"{status} with the headers of a rate limit"
    if status in _BY_STATUS:
        return _BY_STATUS[status], f"status {status}"
    if status >= 500:
        return "server_error", f"status {status}"
    return "client_error", f"status {status}"
