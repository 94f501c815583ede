"""Trusted timestamps against an authority on loopback whose answers OpenSSL signs."""

import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from connectors.capture.timestamp import TimestampError, stamp, verify

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
CONFIG = """
[tsa]
default_tsa = t
[t]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
signer_cert = tsa.pem
signer_key = tsa.key
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


def openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """The authority's folder and address."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "ts.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9000")
    openssl(
        folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=root"
    )
    openssl(folder, "req", *key[:-2], "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=tsa")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "8000")
    extensions = ("-extfile", "ts.cnf", "-extensions", "ext")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *signing, *extensions, "-out", "tsa.pem")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = self.rfile.read(int(self.headers["content-length"]))
            (folder / "query").write_bytes(query)
            openssl(
                folder, "ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply"
            )
            body = (folder / "reply").read_bytes() if self.path == "/" else b"garbage"
            self.send_response(500 if self.path == "/500" else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_stamp_is_over_what_was_sent_and_by_whom_we_trust(authority):
    folder, url = authority
    token = stamp(b"the log", f"{url}/", folder / "ca.pem")
    verify(token, b"the log", folder / "ca.pem")
    with pytest.raises(TimestampError, match="校验不通过"):
        verify(token, b"another log", folder / "ca.pem")


@pytest.mark.parametrize(("path", "sentence"), [("/500", "HTTP 500"), ("/garbage", "读不懂")])
def test_no_stamp_is_said_with_its_reason(authority, path, sentence):
    folder, url = authority
    with pytest.raises(TimestampError, match=sentence):
        stamp(b"the log", url + path, folder / "ca.pem")


def test_an_authority_that_does_not_answer_is_said():
    with pytest.raises(TimestampError, match="没有应答"):
        stamp(b"the log", "http://127.0.0.1:9/", None)
