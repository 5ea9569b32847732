"""A real browser for the tests that need one, and a loud word where there is none."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root cannot use the sandbox, and without a network every call home is noise.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> Path | None:
    """Return the first Chromium on the path."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


class BrowserTests:
    """Leaves tests that use the fixture `chromium` out when there is none, says so at the very end, fails for it in CI.

    `left_out` counts them. Skipping would hide them among others; here the last lines of the run name the reason.
    """

    def __init__(self) -> None:
        self.left_out = 0

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if chromium() is not None:
            return
        needy = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
        if needy:
            config.hook.pytest_deselected(items=needy)
            items[:] = [item for item in items if item not in needy]
            self.left_out = len(needy)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.left_out and os.environ.get("CI") == "true" and session.exitstatus in {0, 5}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        yield
        if self.left_out:
            for line in warning(self.left_out):
                terminalreporter.write_line(line, red=True, bold=True)


def warning(left_out: int) -> Sequence[str]:
    """Say how many tests are missing, why, and what to do."""
    return (
        f"!!! BROWSER TESTS DID NOT RUN: {left_out} left out, no Chromium found (looked for {', '.join(NAMES)}).",
        "!!! Install it with `apt-get install chromium` and run `make test` again. Under CI=true this is a failure.",
    )
