"""Official account and impostor side by side, down to the character nobody sees."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from playbooks.impersonation.bundle import checklist
from playbooks.impersonation.channels import read_channels
from playbooks.impersonation.comparison import Side, compare, name_differences
from playbooks.impersonation.comparison_picture import Screenshots, comparison_picture
from playbooks.impersonation.screenshots import chosen_screenshots, shown_screenshot

OFFICIAL = Side("云杉新区发布", "gh_1", "云杉新区管理委员会", "https://a.invalid", None, None)


@pytest.mark.parametrize(
    ("impostor", "sentences"),
    [
        ("云衫新区发布", ["第2字“杉”→“衫”"]),
        ("云杉新区发布服务号", ["第6字后多“服务号”"]),
        ("云杉新区", ["少第5字“发布”"]),
        ("云杉\u200b新区发布", ["第2字后多“‹U+200B›”"]),
        ("云杉新区发布", []),
        ("长" * 5000, ["名称不同（过长，未逐字比对）"]),
    ],
)
def test_a_name_is_compared_by_character(impostor, sentences):
    assert name_differences("云杉新区发布", impostor) == sentences


def test_what_one_side_lacks_is_not_called_different():
    impostor = Side("云衫新区发布", None, "未认证", "https://a.invalid", None, "830")
    remarks = {row.item: row.remark for row in compare(OFFICIAL, impostor, None)}
    assert remarks == {
        "账号名称": "第2字“杉”→“衫”",
        "账号编号": "未取得",
        "认证主体": "不同",
        "主页链接": "相同",
        "简介": "未取得",
        "粉丝数": "未取得",
        "头像": "需人工比对",
    }


def test_the_picture_holds_a_name_of_5000_characters_and_markup():
    impostor = Side("$x^2$ <b>" + "长" * 5000, None, None, None, None, None)
    picture = comparison_picture(compare(OFFICIAL, impostor, "相同"), "对照")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 2_000_000


def test_what_was_not_captured_is_said_on_the_picture_and_a_bomb_is_not_opened():
    page = BytesIO()
    Image.new("RGB", (400, 4_000), "white").save(page, "PNG")
    shown, why_not = shown_screenshot(page.getvalue())
    assert (shown.size, why_not) == ((400, 320), "")
    assert shown_screenshot(b"\x89PNG nonsense") == (None, "截图无法显示，见证据文件")
    # A header that promises 100,000 x 100,000 pixels, and nothing behind it.
    head = struct.pack(">II5B", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    bomb += struct.pack(">I", zlib.crc32(chunk)) + b"\0" * 64
    assert shown_screenshot(bomb)[0] is None
    impostor = Side("云衫新区发布", None, None, None, None, None)
    rows = compare(OFFICIAL, impostor, None)
    without = comparison_picture(rows, "对照")
    with_one = comparison_picture(rows, "对照", Screenshots(None, page.getvalue()))
    assert Image.open(BytesIO(with_one)).height > Image.open(BytesIO(without)).height + 400


def test_the_latest_picture_of_each_side_is_chosen_by_its_name():
    names = ["截图一.png", "页面.html", "官方主页.jpg", "网页截图.PNG"]
    official, impostor = chosen_screenshots([{"file_name": name} for name in names])
    assert (official["file_name"], impostor["file_name"]) == ("官方主页.jpg", "网页截图.PNG")
    assert chosen_screenshots([]) == (None, None)


def test_the_checklist_claims_only_what_is_there():
    channel = read_channels().platforms["wechat_official"]
    states = {w.material: w.state for w in checklist(channel, {"evidence", "authorisation"})}
    assert states["涉嫌假冒账号页面截图"] == "已备（证据文件）"
    assert states["统一社会信用代码证书"] == "缺少（统一社会信用代码证书）"
    assert states["官方账号主页截图"].startswith("缺少（官方账号页面截图")
    assert states["《侵权投诉通知书》（签字盖章）"].startswith("请人工准备")
