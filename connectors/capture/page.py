"""Capture one page: picture, source, answer headers, web archive and a log, each with its SHA-256."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final, cast
from urllib.parse import urlsplit

from connectors.addresses import Reach, system_look_up
from connectors.capture.browse import ARCHIVE, PICTURE, REFUSED_HEADER, REPORT, SOURCE
from connectors.capture.guard import Bounds, Guard, Passage
from sql.refusal import Refusal

LOG: Final = "采集记录.json"
NAMES: Final = {
    PICTURE: "网页截图.png",
    SOURCE: "网页源代码.html",
    ARCHIVE: "网页存档.warc.gz",
}
HEADERS: Final = "响应头.json"
AFTERWARDS_S: Final = 30.0  # what the browser may take beside the page: starting, drawing, writing
LONGEST_URL: Final = 2_000
POLL_S: Final = 0.05
BY_HAND: Final = "；请人工截图后登记"


class CaptureError(Refusal, ValueError):
    """No capture came about; the sentence says why and that a capture by hand will do."""


@dataclass(frozen=True)
class Way:
    """How captures are made on this machine.

    Attributes:
        chromium: the browser's program.
        is_sandboxed: false only where the system does not let the browser sandbox itself (root).
        reach: which addresses may be reached.
        bounds: bytes and seconds of one page.
    """

    chromium: str
    is_sandboxed: bool = True
    reach: Reach = field(default_factory=lambda: Reach(system_look_up))
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class Captured:
    """A finished capture: its files in the order of the list, the log last.

    Attributes:
        notes: what a reader must know, in Chinese: cut off, not quiet, resources refused.
    """

    final_url: str
    title: str
    files: Sequence[Path]
    notes: Sequence[str]


def find_chromium(given: str = "") -> str:
    """Return the browser's program.

    Raises:
        CaptureError: there is none.
    """
    found = shutil.which(given or "chromium") or shutil.which("chromium-browser")
    if not found:
        raise CaptureError(
            "本机没有 Chromium，不能自动采集；请安装系统软件包 chromium，或人工截图后用「补充证据」登记"
        )
    return found


def capture(url: str, folder: Path, way: Way, now: datetime, by: str) -> Captured:
    """Capture the page at *url* into *folder*.

    Args:
        url: as reported; http or https.
        folder: an empty folder, created when absent.
        way: browser, reach and bounds.
        now: the aware instant that the log states.
        by: who asked for it, as the log states it.

    Raises:
        CaptureError: the page was refused, would not open, or the browser failed; nothing is left.
    """
    _check_url(url)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Guard(way.reach, way.bounds) as guard:
            report = _browse(url, folder, way, guard)
        return _finish(url, folder, report, guard.passage, f"{by}\x1f{now.isoformat()}", way)
    except CaptureError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or len(url) > LONGEST_URL:
        raise CaptureError("应为 http 或 https 开头的网址；请核对后重试，或人工截图")


def _browse(url: str, folder: Path, way: Way, guard: Guard) -> Mapping[str, Any]:
    order = {
        "url": url,
        "folder": str(folder),
        "proxy": guard.address,
        "chromium": way.chromium,
        "is_sandboxed": way.is_sandboxed,
        "seconds": way.bounds.seconds,
    }
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "connectors.capture.browse"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        try:
            _wait(child, json.dumps(order), way, guard)
        finally:
            _end(child)
        if child.returncode:
            said.seek(0)
            last = said.read().strip().splitlines()[-1:] or ["没有说明"]
            raise CaptureError(
                f"浏览器没有成功（{last[0][:200]}）；请人工截图，并把这句话交给维护人员"
            )
    return cast("Mapping[str, Any]", json.loads((folder / REPORT).read_text(encoding="utf-8")))


def _wait(child: subprocess.Popen[str], order: str, way: Way, guard: Guard) -> None:
    """Hand over the order and wait for the end, which a page that is cut off brings at once."""
    stdin = cast("IO[str]", child.stdin)
    stdin.write(order)
    stdin.close()
    give_up_at = time.monotonic() + way.bounds.seconds + AFTERWARDS_S
    while child.poll() is None:
        if guard.passage.stopped:
            raise CaptureError(f"{guard.passage.stopped}{BY_HAND}")
        if time.monotonic() > give_up_at:
            raise CaptureError(f"页面在 {way.bounds.seconds:g} 秒内没有画完，浏览器已停止{BY_HAND}")
        time.sleep(POLL_S)


def _end(child: subprocess.Popen[str]) -> None:
    """End the child; its driver notices and ends the browser, which has a session of its own."""
    child.kill()
    child.wait()


def _finish(
    url: str, folder: Path, report: Mapping[str, Any], passage: Passage, who: str, way: Way
) -> Captured:
    _refuse(report, passage)
    (folder / REPORT).unlink()
    (folder / HEADERS).write_text(_json(report["hops"]), encoding="utf-8")
    files = [(folder / made).rename(folder / name) for made, name in NAMES.items()]
    files.append(folder / HEADERS)
    notes = [*report["notes"], *(f"页面资源未取：{one}" for one in dict.fromkeys(passage.refused))]
    by, at = who.split("\x1f")
    log = {
        "requested_url": url,
        "final_url": report["final_url"],
        "title": report["title"],
        "captured_at": at,
        "captured_by": by,
        "method": "无界面浏览器经受控代理自动采集",
        "browser": report["browser"],
        "browser_sandbox": way.is_sandboxed,
        "addresses": passage.reached,
        "received_bytes": passage.bytes_in,
        "archived_count": report["archived_count"],
        "notes": notes,
        "files": [described(path) for path in files],
    }
    (folder / LOG).write_text(_json(log), encoding="utf-8")
    return Captured(report["final_url"], report["title"], [*files, folder / LOG], notes)


def _refuse(report: Mapping[str, Any], passage: Passage) -> None:
    """Raise the sentence that says why this is no capture of the page."""
    if passage.stopped:
        raise CaptureError(f"{passage.stopped}{BY_HAND}")
    hops = cast("list[Mapping[str, Any]]", report["hops"])
    last = {str(name).lower() for name, _ in hops[-1]["headers"]} if hops else set[str]()
    if passage.refused and (report.get("fault") or REFUSED_HEADER in last):
        raise CaptureError(f"网址不能访问：{passage.refused[0]}{BY_HAND}")
    if report.get("fault"):
        raise CaptureError(f"页面打不开（{str(report['fault'])[:200]}）{BY_HAND}")


def described(path: Path) -> dict[str, object]:
    """Return name, size and SHA-256 of a file."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"file_name": path.name, "size_bytes": len(content), "sha256": digest}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
