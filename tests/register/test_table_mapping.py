"""The tables that the office hands in: its own columns, nothing evaluated, faults named."""

import pytest

from playbooks.core.register.table_mapping import (
    FIELDS,
    MappingError,
    csv_lines,
    mappings,
    read_mapping,
    sheet_of,
)

HEAD = "title: 表\nlabel: 示例\nsource: x\nis_public: true\nstatuses: [active]\n"
ROW = dict.fromkeys(FIELDS) | {
    **{"account_id": "A1", "name": "=HYPERLINK(1)", "status": "active", "platform": "weibo"},
    **{
        "administrator_mobile": "13812345678",
        "comments_open": False,
        "phone": "13912345678",
        "staleness": "local_overdue",
    },
}
COLUMNS = (
    "columns:\n- {heading: 名称, field: name}\n- {heading: 平台, field: platform}\n"
    "- {heading: 电话, field: administrator_mobile}\n- {heading: 互动, field: comments_open}\n"
    "- {heading: 更新, field: staleness}\n- {heading: '@备注', constant: '+x'}\n"
    "- {heading: 代码, field: uscc}\n- {heading: 区域, field: region, missing: ''}\n"
    "- {heading: 公开电话, field: phone}\n"
)


def own(tmp_path, text):
    (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_an_offices_own_table_is_text_and_masked_and_misses_what_it_misses(tmp_path):
    mapping = read_mapping("mine", own(tmp_path, HEAD + COLUMNS))
    rows = [ROW, ROW | {"status": "shut_down"}]
    assert csv_lines(mapping, rows) == [
        ["名称", "平台", "电话", "互动", "更新", "'@备注", "代码", "区域", "公开电话"],
        [
            "'=HYPERLINK(1)",
            "微博",
            "138****5678",
            "否",
            "新区超期",
            "'+x",
            "未取得",
            "",
            "139****5678",
        ],
    ]
    sheet = sheet_of(mapping, rows)
    assert sheet.rows == [
        ["=HYPERLINK(1)", "微博", "138****5678", "否", "新区超期", "+x", None, None, "139****5678"]
    ]
    assert {column.kind for column in sheet.columns} == {"text"}


def test_every_shipped_table_reads_and_holds_no_count_that_must_not_be_scored(tmp_path):
    for name in mappings(tmp_path):
        assert read_mapping(name, tmp_path).label in ("示例", "待核实")
    assert not [name for name in FIELDS if any(w in name for w in ("follower", "read", "like"))]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("- 1", "不是可读的列映射"),
        (HEAD, "KeyError"),
        (HEAD + "columns: []", "没有列"),
        (HEAD + "columns: [{heading: 粉丝, field: followers}]", "field 不能是 followers"),
        (HEAD + "columns: [{heading: 甲}]", "须写 field 或 constant 之一"),
        (HEAD + "columns: [{heading: 甲, constant: ''}, {heading: 甲, constant: ''}]", "写了两次"),
        (HEAD.replace("active", "alive") + COLUMNS, "没有账号状态 alive"),
        (HEAD + "more: 1\n" + COLUMNS, "不认识的栏目 more"),
    ],
)
def test_faults_are_named(tmp_path, text, word):
    with pytest.raises(MappingError, match=word):
        read_mapping("mine", own(tmp_path, text))
    with pytest.raises(MappingError, match="没有数据表"):
        read_mapping("../etc", tmp_path)
