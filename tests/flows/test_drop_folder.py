"""The drop folder: every layout comes in, hostile files are refused one by one, the rest goes on."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from connectors.simulation.deterministic_xlsx import workbook_bytes
from tests.flows.conftest import EXAMPLES

HEADINGS = ("日期", "播放量")
DAYS = "日期,播放量\n2026-11-20,5\n2026-11-19,-\n"


def lay(desk, name: str, content: bytes | str) -> Path:
    """Lay one file into the drop folder, as if it had lain there for a while."""
    path = desk.home / "drop" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (0, 0))
    return path


def outcomes(ran) -> dict[str, str]:
    return {one["name"]: one["outcome"] for one in ran.json["files"]}


def figures(desk, account_id: str) -> dict:
    found = desk.rows(
        "select metric, stat_date, value from ranked_observation "
        "where account_id = ? and content_id = '' order by precedence",
        account_id,
        catalog="stats",
    )
    return {(metric, day.isoformat()): value for metric, day, value in found}


@pytest.fixture
def dropped(desk):
    """Every export of the sample, in the drop folder."""
    shutil.copytree(EXAMPLES / "exports", desk.home / "drop", copy_function=shutil.copyfile)
    for path in (desk.home / "drop").rglob("*"):
        os.utime(path, (0, 0))
    return desk


def test_every_platform_comes_in_and_the_folder_is_emptied(dropped):
    before = sorted(path.name for path in (EXAMPLES / "exports").rglob("*") if path.is_file())
    ran = dropped.ask("drop")
    assert ran.code == 0, ran.out
    assert set(outcomes(ran).values()) == {"imported"}
    left = [path for path in (dropped.home / "drop").rglob("*") if path.is_file()]
    assert {path.relative_to(dropped.home / "drop").parts[0] for path in left} == {"done"}
    moved = sorted(path.name for path in left if not path.name.endswith(".说明.txt"))
    assert moved == before
    known = dict(
        dropped.rows("select source, count(*) from observation group by source", catalog="stats")
    )
    assert set(known) == {
        *("wechat_export", "wechat_channels_export", "weibo_export", "douyin_export"),
        *("toutiao_export", "kuaishou_export"),
    }
    assert min(known.values()) > 100
    bad = [f"fail_{name}" for name in ("negative_count", "duplicate_current", "future_day")]
    stats = dropped.settings.stats
    from playbooks.statistics import build
    from sql.catalogs import open_catalog

    with open_catalog(stats) as connection:
        found = {check.name for check in build.run_checks(connection, dropped.now.date())}
    assert not found & set(bad)
    item = dropped.one(
        "select count(*) from content_item where source = 'douyin_export' "
        "and starts_with(content_id, 'title_time:') and published_at is not null",
        catalog="stats",
    )
    assert item > 50


def test_the_night_takes_the_folder_in_and_says_so(desk):
    lay(desk, "A0003_云杉新区发布/数据表现.csv", DAYS)
    lay(desk, "A0003_云杉新区发布/白纸.csv", "a,b\n1,2\n")
    ran = desk.run("refresh")
    assert ran.code == 1
    assert "### 投递文件夹" in ran.out
    assert "白纸.csv" in ran.out
    assert figures(desk, "A0003") == {("plays", "2026-11-20"): 5}


HOSTILE = {
    "A0003_炸弹.xlsx": "解压后超过",
    "A0003_公式.xlsx": "含有公式",
    "A0003_路径.xlsx": "工作表名",
    "A0003_半个.xlsx": "不完整或已损坏",
    "A0003_半行.csv": "最后一行不完整",
    "A0003_编码.csv": "编码未知",
    "A0003_加密.xlsx": "设有打开密码",
    "A0003_稀疏.xlsx": "不超过 200 MB",
    "A0003_空.csv": "大小为 0 字节",
    "A0003_图片.xls": "PNG 图片",
    "A0003_微信.csv": "其他平台",
    "A0003_生人.csv": "不是已知的导出格式",
    "A0003_链接.csv": "链接或特殊文件",
    "谁的.csv": "请填写台账号",
}


def lay_hostile(desk, tmp_path: Path) -> None:
    whole = workbook_bytes({"Sheet1": [HEADINGS, ("2026-11-20", 1)]})
    lay(desk, "A0003_半个.xlsx", whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(4):
            with bomb.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for _ in range(80):
                    part.write(b"0" * 1024**2)
    lay(desk, "A0003_炸弹.xlsx", (tmp_path / "bomb.xlsx").read_bytes())
    book = openpyxl.Workbook()
    for row in (HEADINGS, ("2026-11-20", '=HYPERLINK("http://evil.invalid")')):
        book.active.append(row)
    book.save(tmp_path / "formula.xlsx")
    lay(desk, "A0003_公式.xlsx", (tmp_path / "formula.xlsx").read_bytes())
    lay(desk, "A0003_路径.xlsx", renamed(whole, "../../etc/cron.d/x"))
    lay(desk, "A0003_半行.csv", "日期,播放量\n2026-11-20,5\n2026-11")
    lay(desk, "A0003_编码.csv", "日期,播放量\n".encode("utf-16-le"))
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    lay(desk, "A0003_加密.xlsx", encrypted)
    with lay(desk, "A0003_稀疏.xlsx", b"PK").open("r+b") as sparse:
        sparse.truncate(2 * 1024**3)
    os.utime(desk.home / "drop" / "A0003_稀疏.xlsx", (0, 0))
    lay(desk, "A0003_空.csv", b"")
    lay(desk, "A0003_图片.xls", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    lay(desk, "A0003_微信.csv", "时间,新关注人数,取消关注人数,累积关注人数\n2026-11-20,1,2,3\n")
    lay(desk, "A0003_生人.csv", "日子,热度\n2026-11-20,1\n")
    lay(desk, "谁的.csv", DAYS)
    link = desk.home / "drop" / "A0003_链接.csv"
    link.symlink_to("/etc/passwd")
    os.utime(link, (0, 0), follow_symlinks=False)


def renamed(content: bytes, sheet: str) -> bytes:
    """Return the workbook with another name of its sheet, which no spreadsheet program would write."""
    import io

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/workbook.xml":
                part = part.replace(b'name="Sheet1"', f'name="{sheet}"'.encode())
            copy.writestr(name, part)
    return target.getvalue()


def test_hostile_files_are_refused_one_by_one_and_the_rest_goes_on(desk, tmp_path):
    lay_hostile(desk, tmp_path)
    lay(desk, "U001_管委会/A0003_数据表现.csv", DAYS)
    young = desk.home / "drop" / "A0003_还在复制.csv"
    young.write_text(DAYS, encoding="utf-8")
    ran = desk.ask("drop")
    assert ran.code == 1
    sentences = {one["name"]: one["sentence"] for one in ran.json["files"]}
    assert {name: HOSTILE[name] in sentences[name] for name in HOSTILE} == dict.fromkeys(
        HOSTILE, True
    ), sentences
    assert outcomes(ran) == {
        **dict.fromkeys(HOSTILE, "refused"),
        "U001_管委会/A0003_数据表现.csv": "imported",
        "A0003_还在复制.csv": "waiting",
    }
    assert young.exists()
    folder = desk.home / "drop" / "refused" / "2026-11-23"
    for name, words in HOSTILE.items():
        assert (folder / name).is_symlink() or (folder / name).exists()
        assert words in (folder / f"{name}.说明.txt").read_text(encoding="utf-8")
    assert figures(desk, "A0003") == {("plays", "2026-11-20"): 5}
    assert desk.ask("drop").json["files"][0]["outcome"] == "waiting"


def test_the_chat_hears_of_each_refused_file_once_and_that_it_was_seen_to(desk, slack):
    lay(desk, "A0003_<!channel>.csv", "")
    assert desk.ask("drop").code == 1
    told = desk.run("health", "--tell")
    assert "已告知工作群 1 项" in told.out
    (message,) = slack.messages
    text = str(message)
    assert "投递文件未导入" in text
    assert "大小为 0 字节" in text
    assert "<!channel>" not in text
    desk.later(hours=1)
    assert "已告知工作群 0 项" in desk.run("health", "--tell").out
    (desk.home / "drop" / "refused" / "2026-11-23" / "A0003_<!channel>.csv").unlink()
    assert "已告知工作群 1 项" in desk.run("health", "--tell").out
    assert "已恢复" in str(slack.messages[-1])


def test_an_unknown_layout_is_mapped_once_and_then_works(desk):
    path = lay(desk, "A0003_云杉新区发布/创作数据.csv", "统计日,播放量,热度\n2026-11-20,1.2万,7\n")
    content = path.read_bytes()
    assert desk.ask("drop").code == 1
    (draft,) = (desk.home / "export_layouts" / "drafts").glob("*.yml")
    text = draft.read_text(encoding="utf-8")
    assert '"播放量": {key: plays, kind: count}' in text
    mapped = (
        text.replace(
            '# "统计日": {key: TODO, kind: count}', '"统计日": {key: stat_date, kind: day}'
        )
        .replace('# "热度": {key: TODO, kind: count}', '"热度": {key: heat, kind: count}')
        .replace("title: TODO", "title: ")
        .replace("grain: item", "grain: day")
        .replace("required: [plays]", "required: [stat_date, plays, heat]")
    )
    own = desk.home / "export_layouts" / "创作数据.yml"
    own.write_text(mapped.replace("kind: day", "kind: dya"), encoding="utf-8")
    ran = desk.run("export-layouts")
    assert ran.code == 1
    assert "创作数据.yml:14: 「layouts/own_layout/tables/rows/columns/统计日」kind 应为" in ran.err
    untouched = lay(desk, "A0003_云杉新区发布/数据表现.csv", DAYS)
    night = desk.run("refresh")
    assert "创作数据.yml:14" in night.out
    assert "## 夜间采集" in night.out
    assert untouched.exists()
    untouched.unlink()
    own.write_text(mapped, encoding="utf-8")
    assert any(one["own"] for one in desk.ask("export-layouts").json["layouts"])
    lay(desk, "A0003_云杉新区发布/创作数据.csv", content)
    assert desk.ask("drop").code == 0
    assert figures(desk, "A0003") == {("plays", "2026-11-20"): 12000, ("heat", "2026-11-20"): 7}
