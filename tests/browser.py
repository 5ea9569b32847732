"""A real browser for the tests that need one, and a loud word where there is none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import playwright
import pytest
from playwright.async_api import expect

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

PATIENCE = 60_000
"""Milliseconds. A machine that is busy with other things is no reason to fail."""


@contextmanager
def patient() -> Iterator[None]:
    """Expectations wait as long as a busy machine needs."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=None)


def chromium() -> Path | None:
    """Return the first Chromium on the path."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def obstacle() -> str | None:
    """Say what keeps a browser test from running here, and how to mend it; None if nothing does."""
    if chromium() is None:
        return f"no Chromium found (looked for {', '.join(NAMES)}): apt-get install chromium"
    driver = Path(playwright.__file__).parent / "driver" / "node"
    trial = subprocess.run([driver, "--version"], capture_output=True, text=True, check=False)
    if trial.returncode != 0:
        return f"Playwright does not start (on a bare Debian: apt-get install libatomic1): {trial.stderr.strip()}"
    return None


class BrowserTests:
    """Leaves tests that use the fixture `chromium` out where none can run, says so at the very end, fails for it in CI.

    `left_out` counts them, `reason` says why. A skipped test hides among others; the last lines of a run do not.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self.reason: str | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        needy = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
        self.reason = obstacle() if needy else None
        if self.reason:
            config.hook.pytest_deselected(items=needy)
            items[:] = [item for item in items if item not in needy]
            self.left_out = len(needy)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["browser"] = self.left_out, self.reason
        elif self.left_out and os.environ.get("CI") == "true" and session.exitstatus in {0, 5}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear it from a process that ran its share: each of those collects all tests, the one that reports none."""
        left_out, reason = getattr(node, "workeroutput", {}).get("browser", (0, None))
        self.left_out, self.reason = max(self.left_out, left_out), self.reason or reason

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
        yield
        if self.reason:
            for line in (
                f"!!! BROWSER TESTS DID NOT RUN: {self.left_out} left out. {self.reason}",
                "!!! Then `make test` again. Under CI=true this is a failure.",
            ):
                terminalreporter.write_line(line, red=True, bold=True)
