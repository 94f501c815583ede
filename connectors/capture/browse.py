"""The browser's side of a capture, a process of its own that can be killed whole.

    python -m connectors.capture.browse < order.json

The order says ``url``, ``folder``, ``proxy``, ``chromium``, ``is_sandboxed`` and ``seconds``. It leaves the page's
picture, its source and a web archive of every answer in the folder, and ``browse.json`` with what
happened; a fault that no page may cause ends it with a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright, Response

PICTURE, SOURCE, ARCHIVE, REPORT = "page.png", "page.html", "page.warc.gz", "browse.json"
VIEWPORT: Final = {"width": 1280, "height": 900}
TALLEST_PIXELS: Final = 16_000
QUIET_MS: Final = 4_000
MOST_ANSWERS: Final = 500
REFUSED_HEADER: Final = "x-capture-refused"
# Nothing may leave but through the proxy: no direct UDP, no look-up of the browser's own.
ARGUMENTS: Final = (
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def main() -> None:
    """Carry out the order on standard input."""
    from playwright.sync_api import sync_playwright

    order = json.loads(sys.stdin.read())
    with sync_playwright() as playwright:
        report = _browse(playwright, order)
    path = Path(order["folder"]) / REPORT
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def _browse(playwright: Playwright, order: Mapping[str, Any]) -> dict[str, object]:
    browser = playwright.chromium.launch(
        executable_path=order["chromium"],
        chromium_sandbox=order["is_sandboxed"],
        proxy={"server": order["proxy"], "bypass": "<-loopback>"},
        args=list(ARGUMENTS),
    )
    context = browser.new_context(
        viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=False,
        service_workers="block",
    )
    try:
        report = _visit(context, order)
    finally:
        context.close()
        version = browser.version
        browser.close()
    return {**report, "browser": f"Chromium {version}"}


def _visit(context: BrowserContext, order: Mapping[str, Any]) -> dict[str, object]:
    from playwright.sync_api import Error, TimeoutError

    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on("dialog", lambda dialog: dialog.dismiss())
    notes: list[str] = []
    wait_ms = order["seconds"] * 1000
    try:
        page.goto(order["url"], wait_until="load", timeout=wait_ms)
        page.wait_for_load_state("networkidle", timeout=QUIET_MS)
    except TimeoutError:
        notes.append("页面没有完全静止，按当时所见采集")
    except Error as error:
        return {"fault": str(error.message).splitlines()[0], "hops": _hops(answers)}
    folder = Path(order["folder"])
    notes += _picture(page, folder / PICTURE)
    (folder / SOURCE).write_text(page.content(), encoding="utf-8", errors="replace")
    archived = _archive(answers[:MOST_ANSWERS], folder / ARCHIVE)
    if len(answers) > MOST_ANSWERS:
        notes.append(f"页面取了 {len(answers)} 个资源，存档只收前 {MOST_ANSWERS} 个")
    return {
        "final_url": page.url,
        "title": page.title(),
        "hops": _hops(answers),
        "archived_count": archived,
        "notes": notes,
    }


def _picture(page: Page, path: Path) -> list[str]:
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    if tall <= TALLEST_PIXELS:
        page.screenshot(path=path, full_page=True, animations="disabled")
        return []
    clip = {"x": 0, "y": 0, "width": VIEWPORT["width"], "height": TALLEST_PIXELS}
    page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
    return [f"页面高 {tall} 像素，截图只到 {TALLEST_PIXELS} 像素"]


def _hops(answers: Iterable[Response]) -> list[dict[str, object]]:
    """Return the main document's answers in order, redirects first."""
    return [
        {
            "url": answer.url,
            "status": answer.status,
            "headers": [[h["name"], h["value"]] for h in answer.headers_array()],
        }
        for answer in answers
        if answer.request.is_navigation_request() and answer.frame.parent_frame is None
    ]


def _archive(answers: Iterable[Response], path: Path) -> int:
    """Write the answers as a web archive; a body that is gone is left out with its record kept."""
    from io import BytesIO

    from playwright.sync_api import Error
    from warcio.statusandheaders import StatusAndHeaders  # pyright: ignore[reportMissingTypeStubs]
    from warcio.warcwriter import WARCWriter  # pyright: ignore[reportMissingTypeStubs]

    count = 0
    with path.open("wb") as file:
        writer: Any = WARCWriter(file, gzip=True)
        for answer in answers:
            try:
                body = answer.body()
            except Error:
                body = b""  # a redirect has none, and an aborted answer's is gone
            # The body is as the page saw it, so words about its packing would be wrong.
            headers = [
                (h["name"], h["value"])
                for h in answer.headers_array()
                if h["name"].lower() not in ("content-encoding", "transfer-encoding")
            ]
            status = StatusAndHeaders(
                f"{answer.status} {answer.status_text or '-'}", headers, protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                answer.url, "response", payload=BytesIO(body), http_headers=status
            )
            writer.write_record(record)
            count += 1
    return count


if __name__ == "__main__":
    main()
