"""``juzhen publish`` outside the stack: it talks to one server, or says that none answers."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

LOGIN = "office:long-password"


class Asked:
    """A server that answers every request alike and remembers the logins it was shown."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body
        self.logins: list[str] = []
        self.paths: list[str] = []


@contextmanager
def answering(status: int, body: bytes = b"{}") -> Iterator[tuple[str, Asked]]:
    asked = Asked(status, body)

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.logins.append(self.headers.get("Authorization", ""))
            asked.paths.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(asked.status)
            self.send_header("Content-Length", str(len(asked.body)))
            self.end_headers()
            self.wfile.write(asked.body)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def publish(home: Path, ui_url: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
    environment = {**kept, "JUZHEN_HOME": str(home), "JUZHEN_UI_URL": ui_url, **more}
    return subprocess.run(
        [sys.executable, "-m", "flows.command", "publish"],
        env={**environment, "PREFECT_CLIENT_MAX_RETRIES": "0"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_nobody_answers(tmp_path):
    ran = publish(tmp_path, "http://127.0.0.1:9")
    assert ran.returncode == 1
    assert "请先运行 juzhen up" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (500, b"{}", "HTTP 500"),
        (200, b"<html>another program</html>", "JUZHEN_UI_URL"),
        (200, b"{}", "JUZHEN_UI_URL"),
    ],
)
def test_an_answer_that_is_no_use_is_a_sentence(tmp_path, status, body, word):
    with answering(status, body) as (url, asked):
        ran = publish(tmp_path, f"{url}/")
    assert ran.returncode == 1
    assert word in ran.stderr
    assert "Traceback" not in ran.stderr
    assert {path.split("/")[1] for path in asked.paths} == {"api"}


def test_the_login_is_shown_to_the_server_and_to_nobody_else(tmp_path):
    with answering(401) as (url, asked):
        ran = publish(tmp_path, url, JUZHEN_API_AUTH=LOGIN)
    assert (ran.returncode, "JUZHEN_API_AUTH" in ran.stderr) == (1, True)
    assert set(asked.logins) == {f"Basic {b64encode(LOGIN.encode()).decode()}"}
    assert "long-password" not in ran.stdout + ran.stderr


def test_an_address_that_is_set_already_is_kept(tmp_path):
    with answering(404) as (url, asked):
        ran = publish(tmp_path, "http://127.0.0.1:9", PREFECT_API_URL=f"{url}/api")
    assert asked.paths
    assert "请先运行 juzhen up" in ran.stderr
