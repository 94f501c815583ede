"""A web site on loopback that behaves as an impostor's might."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from connectors.addresses import Reach

SITE = "127.0.0.2"
PAGE = """<!doctype html><meta charset=utf-8><title>云杉发咘</title><h1>官方账号</h1>
<p style="height:3000px">联系我们</p><img src="http://inner.test/logo.png"><img src="/logo.png">"""


class Handler(BaseHTTPRequestHandler):
    """Routes by path; see the tests."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        getattr(self, f"get_{self.path.strip('/').split('?')[0].replace('.', '_') or 'page'}")()

    def get_page(self):
        self._send(PAGE.encode(), "text/html; charset=utf-8")

    def get_logo_png(self):
        self._send(b"no picture", "image/png")

    def get_favicon_ico(self):
        self._send(b"", "image/png", 404)

    def get_to_metadata(self):
        self.send_response(302)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def get_endless(self):
        self._stream(lambda: time.sleep(0.05), b"<p>more</p>" * 10)

    def get_huge(self):
        self._stream(lambda: None, b"x" * 65536)

    def _send(self, body, kind, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, pause, piece):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        began = time.monotonic()
        try:
            while time.monotonic() - began < 20:
                self.wfile.write(piece)
                pause()
        except OSError:
            return

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def port():
    server = ThreadingHTTPServer((SITE, 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


class Names:
    """A resolver under test: each look-up of a name takes its next answer, the last one stays."""

    def __init__(self, **answers):
        self.answers = {name.replace("_", "."): list(found) for name, found in answers.items()}

    def __call__(self, host, port):
        left = self.answers.get(host, [host])
        return [left.pop(0) if len(left) > 1 else left[0]]


@pytest.fixture
def reach():
    names = Names(
        site_test=[SITE], inner_test=["10.0.0.7"], turning_test=[SITE, "127.0.0.1"], gone_test=[""]
    )
    return Reach(names, allowed=frozenset({SITE}))
