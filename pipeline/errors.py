"""The error tree.

::

    WireError
    ├── UsageError        the caller's words are wrong: one clear line, exit code 2
    ├── TransientError    may pass by itself: Airflow retries
    │   ├── FetchTimeout, ConnectionFailed, ServerBusy
    │   └── DatabaseUnavailable
    ├── PermanentError    will not pass by itself: Airflow fails the task at once
    │   ├── SettingsError     a setting, a feed file or the installation is wrong
    │   ├── SchemaError       the database's schema does not fit this code
    │   └── ForbiddenAddress  an address that must not be asked (SSRF, scheme, robots.txt)
    └── ItemError         one entry, page or article cannot be processed: goes to quarantine, fails no task
        ├── FeedParseError
        ├── ExtractError
        └── AnalyseError

Airflow's retry policy in ``dags/`` names these classes; nothing else decides on retries.
"""

from __future__ import annotations


class WireError(Exception):
    """Root of all errors that this package raises on purpose. ``str()`` is one clear line."""

    exit_code = 1


class UsageError(WireError):
    """What the caller gave is wrong; nothing was done."""

    exit_code = 2


class TransientError(WireError):
    """May pass by itself; a retry is sensible."""


class FetchTimeout(TransientError):
    """A peer took longer than the time given to it."""


class ConnectionFailed(TransientError):
    """No connection: name resolution, refusal, reset, TLS."""


class ServerBusy(TransientError):
    """429 or 503; ``retry_after_s`` is what the server asked for, in seconds, or None."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class DatabaseUnavailable(TransientError):
    """Postgres cannot be reached or is going away."""


class PermanentError(WireError):
    """Will not pass by itself; somebody must change something."""


class SettingsError(PermanentError):
    """A setting, a feed file or the installation is wrong."""

    exit_code = 2


class SchemaError(PermanentError):
    """The database's schema does not fit this code."""


class ForbiddenAddress(PermanentError):
    """An address that must not be asked: scheme, private network, robots.txt."""


class ItemError(WireError):
    """One entry, page or article cannot be processed. ``reason`` is a short code for counting."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class FeedParseError(ItemError):
    """The bytes are no feed that can be read."""


class ExtractError(ItemError):
    """No article could be taken from a page."""


class AnalyseError(ItemError):
    """The analysis of one text failed."""
