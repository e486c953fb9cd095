"""One headless Chromium a session, where there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.browser.chromium import Page, browsing, find_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Page]:
    """A page of a headless Chromium; skipped where none is installed, a failure there in CI."""
    chromium = find_chromium()
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium: .ci/run installs one")
        pytest.skip("no Chromium on the path")
    with browsing(chromium) as page:
        yield page
