"""A real stack in a temporary folder and a real browser in front of it, for tests.

Chromium is given a proxy that answers nothing and writes down what it was asked, so «no request left
the machine» is judged at the network, not by what the page says it did: a request that the content
policy blocks still shows up in Playwright's own list.
"""

from __future__ import annotations

import re
import shutil
import socketserver
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from playwright.sync_api import Page, Request, Response, expect
from playwright.sync_api import TimeoutError as BrowserTimeout

from flows.forms import FORM_TITLE, run_form_url
from flows.processes import kill_child
from flows.stack import Stack

T = TypeVar("T")
Json = Any  # what the API sends back
CHROMIUM_OWN = re.compile(r"[/ ]([a-z0-9-]+\.)*(google|googleapis|gvt1)\.com[:/ ]")
FINAL_STATES = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class OutsideTrap(socketserver.ThreadingTCPServer):
    """A proxy that leads nowhere and remembers the first line of every request it got."""

    daemon_threads = True

    def __init__(self) -> None:
        self.requests: list[str] = []
        super().__init__(("127.0.0.1", 0), _TrapHandler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _TrapHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, OutsideTrap)
        self.server.requests.append(self.rfile.readline(2_000).decode("latin-1").strip())
        self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")


class Api:
    """The server's API, used the way the interface uses it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=f"{url}/api/", timeout=20.0, trust_env=False)
        self.authorise()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections; one left open would be collected in the middle of another test."""
        self.client.close()

    def authorise(self) -> None:
        """Fetch the token that every changing request must carry."""
        client_id = str(uuid.uuid4())
        reply = self.client.get("csrf-token", params={"client": client_id})
        token = reply.raise_for_status().json()["token"]
        self.client.headers.update({"Prefect-Csrf-Client": client_id, "Prefect-Csrf-Token": token})

    def get(self, path: str) -> Json:
        return self.client.get(path).raise_for_status().json()

    def post(self, path: str, body: Mapping[str, object]) -> Json:
        reply = self.client.post(path, json=body)
        assert reply.is_success, f"{path}: {reply.status_code} {reply.text[:500]}"
        return reply.json()

    def deployment(self, name: str) -> Json:
        """Return the deployment *name*, written ``flow/deployment``."""
        return self.get(f"deployments/name/{quote(name)}")

    def submit(self, name: str, parameters: Mapping[str, object]) -> str:
        """Start a run the way the interface does and return its id."""
        deployment_id = self.deployment(name)["id"]
        run = self.post(
            f"deployments/{deployment_id}/create_flow_run", {"parameters": dict(parameters)}
        )
        return run["id"]

    def run(self, run_id: str) -> Json:
        return self.get(f"flow_runs/{run_id}")

    def wait_for_state(
        self, run_id: str, wanted: set[str] = FINAL_STATES, timeout_s: float = 120
    ) -> str:
        """Return the state type of a run once it is among *wanted*."""
        return wait_for(
            lambda: state if (state := self.run(run_id)["state_type"]) in wanted else "",
            f"run {run_id} in {sorted(wanted)}",
            timeout_s,
        )

    def artifact_id(self, key: str) -> str:
        """Return the id of the newest artifact with *key*.

        ``artifacts/<key>/latest`` would return the id of the collection, which no page knows.
        """
        found = self.post("artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
        return found[0]["latest_id"]


class LiveStack(Api):
    """A started stack, its API, and ways to hurt it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.settings = stack.settings
        super().__init__(stack.settings.url)

    def kill_worker(self) -> None:
        """End the worker with SIGKILL; flow runs it started live on."""
        kill_child(self.stack.children.pop("worker"))

    def kill_server(self) -> None:
        """End the server with SIGKILL."""
        kill_child(self.stack.children.pop("server"))

    def restart_worker(self) -> None:
        self.stack.start_worker()

    def restart_server(self) -> None:
        self.stack.start_server()
        self.authorise()


def warm_home(live: LiveStack, folder: Path) -> Path:
    """Copy database and unpacked interface of the live stack, so that the second one starts warm."""
    source, target = live.settings.prefect_home, folder / "home" / "prefect"
    target.mkdir(parents=True)
    shutil.copytree(source / "ui", target / "ui")
    with (
        closing(sqlite3.connect(source / "prefect.db")) as old,
        closing(sqlite3.connect(target / "prefect.db")) as new,
    ):
        old.backup(new)
    return folder / "home"


SETTLING_MS = 500
PATIENCE = 5


def is_submission(reply: Response) -> bool:
    return "/create_flow_run" in reply.url


class Browser:
    """One page of the interface as an operator uses it."""

    def __init__(self, page: Page, live: LiveStack, trap: OutsideTrap, shots: Path) -> None:
        self.page = page
        self.live = live
        self.trap = trap
        self.shots = shots
        self.requests: list[str] = []
        page.on("request", self._remember)
        # A busy machine is slow, not broken: these bound a hang and say nothing about speed.
        page.set_default_timeout(90_000)
        expect.set_options(timeout=60_000)

    def open(self, path: str) -> None:
        """Open a path of the V2 interface, for example ``/deployments``."""
        self.page.goto(f"{self.live.url}/v2{path}")
        expect(self.page.get_by_role("main")).not_to_be_empty()

    def open_form(self, deployment: str, form: Mapping[str, object]) -> None:
        """Open the run form of ``flow/deployment`` by the link a chat message carries."""
        deployment_id = str(self.live.deployment(deployment)["id"])
        self.page.goto(run_form_url(self.live.url, deployment_id, form))
        expect(self.page.get_by_text(FORM_TITLE)).to_be_visible()

    def fill(self, title: str, text: str) -> None:
        """Write into the text field with the Chinese *title*."""
        self.page.get_by_label(title, exact=True).fill(text)

    def choose(self, title: str, option: str) -> None:
        """Open the drop-down with the Chinese *title* and take *option*."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(PATIENCE):
            self.page.get_by_role("button", name=f"Select {title}", exact=True).click()
            try:
                # A redraw of the form closes the list under the pointer; then it is opened again.
                wanted.click(timeout=10_000)
            except BrowserTimeout:
                self.page.keyboard.press("Escape")
            else:
                return
        raise AssertionError(f"{title}: the list never stayed open for {option}")

    def submit(self) -> str:
        """Press Submit and return the id of the run it made."""
        reply = self._press_submit()
        assert reply.ok, f"{reply.status}: {reply.text()[:500]}"
        return reply.json()["id"]

    def submit_refused(self) -> str:
        """Press Submit and return why the server refused the form."""
        reply = self._press_submit()
        assert reply.status == 409
        return reply.json()["detail"]

    def _press_submit(self) -> Response:
        """Press Submit until the form sends; a press while it still checks itself is swallowed."""
        for _ in range(PATIENCE):
            self.page.wait_for_timeout(SETTLING_MS)
            before = self._submissions()
            try:
                with self.page.expect_response(is_submission, timeout=30_000) as waiting:
                    self.page.get_by_role("button", name="Submit").click()
            except BrowserTimeout:
                assert self._submissions() == before, "the server took the form and never answered"
            else:
                return waiting.value
        raise AssertionError("Submit was pressed and the form never sent")

    def _submissions(self) -> int:
        return sum("/create_flow_run" in url for url in self.requests)

    def read_artifact(self, key: str) -> str:
        """Open the newest artifact with *key* and return its text."""
        self.open(f"/artifacts/artifact/{self.live.artifact_id(key)}")
        expect(self.page.get_by_role("main").get_by_role("heading").first).to_be_visible()
        return self.page.get_by_role("main").inner_text()

    def outside_requests(self) -> list[str]:
        """Return what left, or tried to leave, the machine; Chromium's own calls home aside.

        Debian's Chromium asks Google for updates whatever flags it is given. Those calls do not
        come from the page, so a page that asked such an address itself is caught by its own list.
        """
        left = [line for line in self.trap.requests if not CHROMIUM_OWN.search(line)]
        asked = [url for url in self.requests if CHROMIUM_OWN.search(url)]
        return left + asked

    def screenshot(self, name: str) -> Path:
        path = self.shots / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def _remember(self, request: Request) -> None:
        self.requests.append(request.url)


def wait_for(ask: Callable[[], T], what: str, timeout_s: float) -> T:
    """Ask until the answer is truthy and return it; fail with *what* was awaited."""
    deadline = time.monotonic() + timeout_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"{what}: not within {timeout_s:.0f} s"
        time.sleep(0.2)
    return answer
