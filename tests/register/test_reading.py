from datetime import date, datetime

from playbooks.core.register.problems import problem_table
from playbooks.core.register.reading import read_register


def found(reading):
    return [
        (item.code, item.place.sheet, item.place.row, item.place.column)
        for item in reading.problems
    ]


def test_a_good_workbook_has_no_problem_and_typed_values(workbooks):
    reading = read_register(workbooks.good(), "register.xlsx")

    assert reading.problems == ()
    assert reading.tables == {"unit", "account", "person", "roster_shift"}
    assert reading.records("account")[0] == {
        "account_id": "A1",
        "unit_id": "U1",
        "platform": "wechat_official",
        "platform_account_id": None,
        "name": "云杉发布",
        "account_kind": None,
        "verification_status": "verified",
        "verified_subject": "云杉新区管理委员会",
        "verification_expires_on": date(2026, 4, 30),
        "url": None,
        "opened_on": date(2020, 5, 18),
        "status": "active",
        "operator": None,
        "comments_open": True,
        "responsible_person_id": "P1",
        "administrator_person_id": "P2",
        "approval_number": "云政公开〔2020〕1号",
        "phone": "0431-81234567",
    }
    assert reading.records("roster_shift")[0] == {
        "shift_id": "handler-1-2026-03-02",
        "role": "handler",
        "position": 1,
        "person_id": "P1",
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 3, 8),
    }


def test_what_spreadsheets_do_to_cells_is_undone(workbooks):
    book = workbooks.good()
    book[0].rows[1][0] = 1001.0
    book[0].rows[2][4:6] = [1001, "１００１"]
    for row in book[1].rows[1:3] + book[2].rows[1:]:
        row[1 if row in book[1].rows else 2] = "1001 "
    book[1].rows[1][10] = datetime(2020, 5, 18, 0, 0)
    book[2].rows[1][1] = "\u3000张\u200b三\u3000"
    book[2].rows[1][4] = 13800000001.0
    book[2].rows[1][7] = True

    reading = read_register(book, "register.xlsx")

    assert reading.problems == ()
    assert [record["unit_id"] for record in reading.records("unit")] == ["1001", "U2"]
    assert reading.records("unit")[1]["parent_unit_id"] == "1001"
    assert reading.records("account")[0]["opened_on"] == date(2020, 5, 18)
    assert reading.records("person")[0]["name"] == "张三"
    assert reading.records("person")[0]["mobile"] == "13800000001"
    assert reading.records("person")[0]["is_active"] is True


def twenty_faults(workbooks):
    units = workbooks.sheet(
        "单位",
        {"单位编号": "U1", "单位名称": "云杉新区管理委员会", "单位类别": "管委会"},
        {"单位编号": "U2", "单位名称": "", "上级单位编号": "U1"},  # 1 required blank
        {"单位编号": "U3", "单位名称": "教育局", "单位类别": "分局"},  # 2 unknown kind
        {"单位编号": "U4", "单位名称": "卫生局", "统一社会信用代码": "91350100M000100Y44"},  # 3
        {"单位编号": "U4", "单位名称": "卫健局"},  # 4 repeated id
        {"单位编号": "U5", "单位名称": "甲局", "上级单位编号": "U6"},  # 5 a circle
        {"单位编号": "U6", "单位名称": "乙局", "上级单位编号": "U5"},
        {"单位编号": "U7", "单位名称": "丙局", "上级单位编号": "X99"},  # 6 unknown parent
        {"单位编号": "U8", "单位名称": "丁局", "主管单位编号": "U8"},  # 7 supervises itself
        {"单位编号": "U9", "单位名称": "信息科", "单位类别": "内设机构"},
    )
    accounts = workbooks.sheet(
        "账号",
        {"账号编号": "A1", "账号名称": "发布", "平台": "脸书"},  # 8 unknown platform
        {"账号编号": "A2", "账号名称": "发布", "开通日期": "2026.3.5"},  # 9 unclear date
        {"账号编号": "A3", "账号名称": "发布", "主办单位编号": "U2"},  # 10 same platform and name
        {"账号编号": "A4", "账号名称": "卫生", "主办单位编号": "U99"},  # 11 unknown sponsor
        {"账号编号": "A5", "账号名称": "发布", "平台": "抖音", "负责人编号": "P99"},  # 12
        {"账号编号": "A6", "账号名称": "教育", "主办单位编号": "U3", "管理员编号": "P3"},
        {"账号编号": "A7", "账号名称": "科室", "主办单位编号": "U9"},  # 13 internal office
        {"账号编号": "A8", "账号名称": "发布", "平台": "快手", "联系电话": "一二三"},  # 14
    )
    accounts.rows[0].append("粉丝数")  # 15 unknown heading
    people = workbooks.sheet(
        "人员",
        {"人员编号": "P1", "姓名": "张三", "手机号": "1380000"},  # 16 not a mobile number
        {"人员编号": "P2", "姓名": "李四", "培训日期": 46086},  # 17 serial number
        {"人员编号": "P3", "姓名": "王五", "培训日期": ""},  # 18 untrained administrator of A6
    )
    roster = workbooks.sheet(
        "值班表",
        workbooks.shift("经办", 1, "P1", "2026-03-02", "2026-03-08"),
        workbooks.shift("经办", 1, "P2", "2026-03-08", "2026-03-15"),  # 19 overlaps
        workbooks.shift("审核", 1, "P2", "2026-03-08", "2026-03-01"),  # 20 ends before it starts
    )
    return [units, accounts, people, roster]


def test_twenty_faults_are_twenty_problems(workbooks):
    reading = read_register(twenty_faults(workbooks), "faults.xlsx")

    assert found(reading) == [
        ("required_blank", "单位", 3, "B"),
        ("choice_unknown", "单位", 4, "D"),
        ("uscc_check_digit", "单位", 5, "G"),
        ("key_duplicate", "单位", 6, "A"),
        ("unit_cycle", "单位", 7, "E"),
        ("reference_unknown", "单位", 9, "E"),
        ("self_supervision", "单位", 10, "F"),
        ("heading_unknown", "账号", 1, "S"),
        ("platform_unknown", "账号", 2, "C"),
        ("date_unsure", "账号", 3, "K"),
        ("account_name_duplicate", "账号", 4, "E"),
        ("reference_unknown", "账号", 5, "B"),
        ("reference_unknown", "账号", 6, "O"),
        ("internal_office_sponsor", "账号", 8, "B"),
        ("phone_bad", "账号", 9, "R"),
        ("mobile_bad", "人员", 2, "E"),
        ("date_unsure", "人员", 3, "G"),
        ("administrator_untrained", "人员", 4, "G"),
        ("roster_overlap", "值班表", 3, "D"),
        ("ends_before_starts", "值班表", 4, "E"),
    ]
    assert reading.has_errors


def test_a_problem_says_where_what_and_what_would_be_right(workbooks):
    reading = read_register(twenty_faults(workbooks), "faults.xlsx")
    serial = next(
        item for item in reading.problems if item.place.sheet == "人员" and item.found == "46086"
    )

    assert serial.as_dict() == {
        "code": "date_unsure",
        "severity": "error",
        "file": "faults.xlsx",
        "sheet": "人员",
        "row": 3,
        "column": "G",
        "heading": "培训日期",
        "found": "46086",
        "wrong": "不是能确认的日期",
        "right": "写成 2026-03-05（若确是这一天）",
        "article": "",
    }


def test_headings_that_are_wrong_do_not_drag_their_cells_along(workbooks):
    book = workbooks.good()
    book[0].rows[0][1] = "单位名"  # a near miss is still read
    book[0].rows[0][2] = "单位编号"  # twice
    del book[1].rows[0][17]  # its cells stand without a heading
    for row in book[2].rows:
        del row[0]  # without ids nobody can say which people exist

    reading = read_register(book, "register.xlsx")

    assert found(reading) == [
        ("heading_missing", "单位", 1, ""),
        ("heading_misspelt", "单位", 1, "B"),
        ("heading_duplicate", "单位", 1, "C"),
        ("heading_missing", "账号", 1, ""),
        ("heading_empty", "账号", 1, "R"),
        ("heading_missing", "人员", 1, ""),
    ]


def test_titles_above_the_headings_and_own_columns_are_fine(workbooks):
    book = workbooks.good()
    book[0].rows.insert(0, ["云杉新区政务新媒体台账", None])
    book[0].rows[1].append("备注")
    book[0].rows[2].append("自用")
    book[2].rows[0] = [f"{heading}＊" for heading in book[2].rows[0]]

    assert read_register(book, "register.xlsx").problems == ()


def test_a_sheet_without_its_name_is_known_by_its_headings(workbooks):
    book = workbooks.good()
    for sheet, name in zip(book, ["", "帐号", "Sheet3", "2026年值班"], strict=True):
        sheet.name = name

    reading = read_register(book, "register.xlsx")

    assert reading.problems == ()
    assert reading.tables == {"unit", "account", "person", "roster_shift"}


def test_sheets_that_are_no_sheets_of_the_register(workbooks):
    book = workbooks.good()
    book[1].name, book[1].rows[0] = "帐号", ["编号", "名称"]
    book[2].name, book[2].rows[0] = "Sheet3", ["编号", "名称"]

    reading = read_register(book, "register.xlsx")

    assert found(reading) == [
        ("sheet_misspelt", "帐号", None, ""),
        ("sheet_unknown", "Sheet3", None, ""),
        ("heading_row_missing", "账号", None, ""),
    ]


def test_a_lost_zero_or_dash_is_recognised(workbooks):
    book = workbooks.good()
    book[0].rows[1][0] = "U-001"
    for row in (book[0].rows[2], *book[1].rows[1:3], *book[2].rows[1:]):
        row[:] = ["U-001" if cell == "U1" else cell for cell in row]
    book[2].rows[1][2] = "u1"

    problem = read_register(book, "register.xlsx").problems[0]

    assert (problem.code, problem.found) == ("reference_misspelt", "u1")
    assert problem.right == "改为 U-001（若确是它），或先在「单位」表里登记"


def test_an_empty_file_is_one_problem():
    assert [item.code for item in read_register([], "empty.xlsx").problems] == ["workbook_empty"]


def test_accounts_alone_need_units_that_are_stored(workbooks):
    accounts = [workbooks.good()[1]]

    alone = read_register(accounts, "账号.csv")
    known = {"unit": read_register(workbooks.good(), "").records("unit")}
    known["person"] = read_register(workbooks.good(), "").records("person")

    assert [item.code for item in alone.problems] == ["sheet_missing", "sheet_missing"]
    assert read_register(accounts, "账号.csv", known).problems == ()


def test_warnings_do_not_block(workbooks):
    book = workbooks.good()
    book[1].rows[3][1] = "U1"  # a second microblog of U1
    book[1].rows[2][4] = "云杉微博"  # and another name there
    book[1].rows[1][12] = '=HYPERLINK("http://example.invalid")'
    book[3].rows[2] = ["经办", 2, "P2", "2026-03-11", "2026-03-15"]
    book[2].rows[1][7] = "否"

    reading = read_register(book, "register.xlsx")

    assert found(reading) == [
        ("text_like_formula", "账号", 2, "M"),
        ("names_differ", "账号", 3, "E"),
        ("second_account_same_platform", "账号", 4, "C"),
        ("person_inactive", "人员", 2, "H"),
        ("roster_gap", "值班表", 3, "D"),
    ]
    assert not reading.has_errors
    assert reading.records("account")[0]["operator"] == '=HYPERLINK("http://example.invalid")'
    assert reading.problems[1].article == "第十一条"
    assert reading.problems[4].wrong == "「经办」2026-03-09 至 2026-03-10 无人值班"


def test_closed_accounts_are_history(workbooks):
    book = workbooks.good()
    book[1].rows[3] = [*book[1].rows[2]]
    book[1].rows[3][0] = "A9"
    book[1].rows[3][11] = "注销"

    assert read_register(book, "register.xlsx").problems == ()


def test_the_table_is_aligned_by_display_width_and_safe_for_a_terminal(workbooks):
    book = workbooks.good()
    book[2].rows[1][4] = "\x1b[31m138\u202e" + "9" * 100

    table = problem_table(read_register(book, "register.xlsx").problems)

    assert table.splitlines() == [
        "级别  位置" + " " * 22 + "现为" + " " * 38 + "问题" + " " * 14 + "改法",
        f"错误  人员 第 2 行 E 列 手机号  [31m138{'9' * 32}…  不是 11 位手机号  "
        "填 11 位数字，以 13 至 19 开头",
        "共 1 个错误、0 个提醒。",
    ]
