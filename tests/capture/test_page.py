"""Whole captures in real Chromium; skipped with a word where it is missing."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from warcio.archiveiterator import ArchiveIterator

from connectors.capture.guard import Bounds
from connectors.capture.page import CaptureError, Way, capture, find_chromium

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHROMIUM = shutil.which("chromium")
in_chromium = [
    pytest.mark.chromium,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: package chromium"),
]


def way(reach, **bounds):
    return Way(CHROMIUM or "", is_sandboxed=False, reach=reach, bounds=Bounds(**bounds))


@pytest.mark.parametrize("mark", [pytest.param("", marks=in_chromium)])
def test_a_page_is_captured_whole_and_what_it_wanted_from_inside_is_noted(
    mark, reach, port, tmp_path
):
    url = f"http://site.test:{port}/"
    made = capture(url, tmp_path / "c", way(reach), NOW, "林晓（P-1）")
    names = [path.name for path in made.files]
    assert names == [
        "网页截图.png",
        "网页源代码.html",
        "网页存档.warc.gz",
        "响应头.json",
        "采集记录.json",
    ]
    assert made.title == "云杉发咘"
    assert "页面资源未取：inner.test 指向内部地址 10.0.0.7" in made.notes
    picture = Image.open(BytesIO(made.files[0].read_bytes()))
    assert (picture.width, picture.height > 3000) == (1280, True)
    assert "官方账号" in made.files[1].read_text(encoding="utf-8")
    with made.files[2].open("rb") as file:
        archived = {
            r.rec_headers.get_header("WARC-Target-URI"): r.content_stream().read()
            for r in ArchiveIterator(file)
        }
    assert "官方账号" in archived[url].decode("utf-8")
    log = json.loads(made.files[-1].read_text(encoding="utf-8"))
    assert log["addresses"]["site.test"] == "127.0.0.2"
    assert (log["captured_at"], log["captured_by"]) == (NOW.isoformat(), "林晓（P-1）")
    for path, listed in zip(made.files, log["files"], strict=False):
        assert listed["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("path", "bounds", "sentence"),
    [
        pytest.param("to_metadata", {}, "169.254.169.254 指向内部地址", marks=in_chromium),
        pytest.param("huge", {"bytes_in": 2_000_000}, "页面超过 1.91 MB", marks=in_chromium),
        pytest.param("endless", {"seconds": 2}, "页面超过 2 秒没有结束", marks=in_chromium),
    ],
)
def test_a_hostile_page_is_refused_with_a_sentence_and_leaves_nothing(
    path, bounds, sentence, reach, port, tmp_path
):
    with pytest.raises(CaptureError) as caught:
        capture(f"http://site.test:{port}/{path}", tmp_path / "c", way(reach, **bounds), NOW, "x")
    assert sentence in str(caught.value)
    assert "人工截图" in str(caught.value)
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "http://", "x" * 3000, "http://[bad"]
)
def test_what_is_no_web_address_is_refused_before_any_browser(url, reach, tmp_path):
    with pytest.raises(CaptureError, match="http 或 https"):
        capture(url, tmp_path / "c", way(reach), NOW, "x")


def test_a_machine_without_a_browser_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CaptureError, match="chromium"):
        find_chromium()
