"""Every declared export layout comes in both ways: through the drop folder, and through the form."""

from __future__ import annotations

import csv
import io
import os

import pytest

from connectors.exports.declaring import load_tables
from flows import import_export
from flows.form_checks import checked
from flows.forms import ImportExport
from flows.operations.import_log import imports_of
from sql.catalogs import write

CELLS = {
    "day": "2026-11-20",
    "instant": "2026-11-20 10:30:00",
    "text": "标题一",
    "count": "1.2万",
    "snapshot": "3,481",
    "net": "-2",
    "ratio": "0.46",
    "percent": "4.41%",
    "seconds": "14.73秒",
}
TABLES = {(table.source, table.layout, table.name): table for table in load_tables()}
LINK = "https://mp.weixin.qq.com/s?__biz=MzA&mid=2247490000&idx=1"
WEIBO = "https://weibo.com/123/Nabc123"


def example(table, account_id) -> str:
    """Return a file of *table* as short as can be: one row with a figure in every column."""
    cells = {key: CELLS[column.kind] for key, column in table.keys.items()}
    known = {"account_id": account_id, "url": WEIBO if "weibo" in table.source else LINK}
    cells |= {key: value for key, value in known.items() if key in cells} | dict(table.only)
    written = io.StringIO()
    csv.writer(written).writerows(
        [list(table.headings.values()), [cells[k] for k in table.headings]]
    )
    return written.getvalue()


@pytest.fixture
def office(desk):
    """A desk whose register has an account of every platform; returns platform -> account."""
    accounts = dict(desk.rows("select platform, min(account_id) from account group by 1"))
    for number, platform in enumerate(sorted({t.platform for t in TABLES.values()}), 60):
        if platform not in accounts and platform != "any":
            accounts[platform] = f"A00{number}"
            with write(desk.settings.ops) as connection:
                connection.execute(
                    "insert into account by name select * replace (? as account_id, ? as platform)"
                    " from account where account_id = 'A0010'",
                    [accounts[platform], platform],
                )
    return {**accounts, "any": "A0005"}


def known_layouts(desk):
    """Return the layouts that have been imported, with what each counted."""
    return {(str(row["source"]), str(row["layout"])) for row in imports_of(desk.settings)}


def test_through_the_drop_folder(desk, office):
    for number, table in enumerate(TABLES.values()):
        account_id = office[table.platform]
        path = desk.home / "drop" / f"{account_id}_{table.layout}_{table.name}_{number}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(example(table, account_id), encoding="utf-8-sig")
        os.utime(path, (0, 0))
    ran = desk.ask("drop")
    refused = [one for one in ran.json["files"] if one["outcome"] != "imported"]
    assert (ran.code, refused, len(ran.json["files"])) == (0, [], len(TABLES))
    assert known_layouts(desk) == {(source, layout) for source, layout, _ in TABLES}
    counted = desk.rows("select distinct source from observation", catalog="stats")
    assert {source for (source,) in counted} == {
        table.source for table in TABLES.values() if table.figures
    }


def test_through_the_form(desk, office, monkeypatch):
    shown = []
    monkeypatch.setattr(import_export, "publish_page", lambda _, text, __: shown.append(text))
    monkeypatch.setattr(import_export, "publish_all", lambda _: 0)
    monkeypatch.setattr("flows.operations.exports.build_marts", lambda *_: (None, {}))
    inbox = desk.home / "inbox"
    inbox.mkdir(exist_ok=True)
    for number, table in enumerate(TABLES.values()):
        account_id = office[table.platform]
        (inbox / f"{number}.csv").write_text(example(table, account_id), encoding="utf-8")
        whose = "" if table.account_column else f"某号 某平台({account_id})"
        given = {"file_name": f"{number}.csv", "account_id": whose, "mode": "正式导入"}
        form = checked(ImportExport, {**given, "answered_by": f"某人({desk.people['handler']})"})
        done = import_export._imported(desk.settings, form, desk.now)
        assert (done.problem, "已导入" in done.sentence) == ("", True)
        assert f"「{table.title}」" in shown[-1]
    assert known_layouts(desk) == {(source, layout) for source, layout, _ in TABLES}
