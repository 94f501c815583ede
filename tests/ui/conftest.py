"""The live stack and the browser; started once, because a cold server takes most of the time."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser as BrowserProcess

sys.path.insert(
    0, str(Path(__file__).parent)
)  # importlib mode gives tests no package to import from

from driver import Browser, LiveStack, OutsideTrap

from connectors.simulation.slack_server import SlackServer
from flows.stack import Stack
from flows.stack_settings import StackSettings

SAMPLE = Path(__file__).parent / "sample"
# Monday morning of a week that the sample's roster covers, whatever the day the test runs on.
MONDAY = "2026-11-23T09:00:00+08:00"
CHROMIUM = os.environ.get("JUZHEN_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="package")
def slack() -> Iterator[SlackServer]:
    """The team chat of the operator's story."""
    with SlackServer(now=datetime.fromisoformat(MONDAY)) as server:
        yield server


@pytest.fixture(scope="package")
def office_environment(slack: SlackServer) -> dict[str, str]:
    """What an office sets before it starts the stack."""
    return {
        "JUZHEN_NOW": MONDAY,
        "JUZHEN_SLACK_API": slack.api_url,
        "JUZHEN_SLACK_TOKEN": slack.token,
        "JUZHEN_SLACK_CHANNEL": "C0DUTY",
    }


@pytest.fixture(scope="package")
def live(
    tmp_path_factory: pytest.TempPathFactory, office_environment: dict[str, str]
) -> Iterator[LiveStack]:
    """A real server and worker with the sample deployments; every process is gone afterwards.

    For this folder and no longer: an idle server would take its share from every other test. The
    operator's story adds the project's own deployments to it.
    """
    folder = tmp_path_factory.mktemp("stack")
    project = shutil.copytree(SAMPLE, folder / "project")
    settings = StackSettings(
        folder / "home", port=unused_port(), worker_poll_s=1, project=project, start_timeout_s=180
    )
    with Stack(settings) as stack:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in office_environment.items():
                environment.setenv(name, value)
            stack.start()
        with LiveStack(stack) as live:
            yield live


@pytest.fixture
def free_port() -> int:
    """A port nobody uses now."""
    return unused_port()


@pytest.fixture(scope="session")
def trap() -> Iterator[OutsideTrap]:
    with OutsideTrap() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def chromium(trap: OutsideTrap) -> Iterator[BrowserProcess]:
    """Debian's Chromium behind the trap; per module, because its event loop bars ``asyncio.run``."""
    if not Path(CHROMIUM).is_file():
        pytest.skip(f"Chromium is missing ({CHROMIUM}); install it or set JUZHEN_CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        process = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", f"--proxy-server={trap.url}"]
        )
        yield process
        process.close()


@pytest.fixture
def browser(
    live: LiveStack, chromium: BrowserProcess, trap: OutsideTrap, tmp_path: Path
) -> Iterator[Browser]:
    """A fresh page; ``JUZHEN_SHOTS`` names a folder to keep its screenshots in."""
    shots = Path(os.environ.get("JUZHEN_SHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    context = chromium.new_context(
        viewport={"width": 1280, "height": 1400}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    yield Browser(context.new_page(), live, trap, shots)
    context.close()
