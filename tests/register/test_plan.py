import json
from datetime import UTC, date, datetime

import pytest

import sql
from playbooks.core.register.changes import told
from playbooks.core.register.plan import ImportRefusedError, apply_import, prepare_import
from playbooks.core.register.report import plan_dict, plan_text
from sql import transaction

LATER = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


def apply_later(ops, plan):
    with transaction(ops):
        return apply_import(ops, plan, now=LATER, actor="李四", payload_sha256="cd" * 32)


def count(ops, table):
    return ops.execute(f"select count(*) from {table}").fetchone()[0]


def test_first_import_stores_everything_and_says_so(stored):
    counts = {
        table: count(stored, table) for table in ("unit", "account", "person", "roster_shift")
    }
    assert counts == {"unit": 2, "account": 3, "person": 2, "roster_shift": 2}
    assert stored.execute("select * from import_record").fetchall() == [
        (
            "20260305T010000000000-abababababab",
            "register.xlsx",
            "ab" * 32,
            datetime(2026, 3, 5, 1, 0),
            "张三",
            9,
        )
    ]


def test_the_same_file_again_changes_nothing(stored, workbooks):
    plan = prepare_import(stored, workbooks.good(), "register.xlsx")

    assert plan.is_empty
    assert plan.unchanged == {"unit": 2, "account": 3, "person": 2, "roster_shift": 2}
    apply_later(stored, plan)
    instants = stored.execute("select distinct imported_at from account").fetchall()
    assert instants == [(datetime(2026, 3, 5, 1, 0),)]
    assert count(stored, "import_record") == 2


def test_changes_are_named_before_they_are_made(stored, workbooks):
    book = workbooks.good()
    book[1].rows[1][8] = "2027-12-31"
    del book[1].rows[3]
    book[2].rows.append(["P3", "王五", "U2", "", "", "", "", "是"])

    plan = prepare_import(stored, book, "new.xlsx")

    assert plan_dict(plan) == {
        "file": "new.xlsx",
        "rows": 9,
        "new": {"unit": 0, "account": 0, "person": 1, "roster_shift": 0},
        "changed": [
            {
                "table": "account",
                "key": "A1",
                "row": 2,
                "change_form": "",
                "fields": [
                    {
                        "column": "verification_expires_on",
                        "heading": "认证到期日",
                        "before": "2026-04-30",
                        "after": "2027-12-31",
                    }
                ],
            }
        ],
        "unchanged": {"unit": 2, "account": 1, "person": 2, "roster_shift": 2},
        "absent": {"unit": [], "account": ["A3"], "person": [], "roster_shift": []},
        "problems": [],
    }
    assert json.dumps(plan_dict(plan))
    assert plan_text(plan) == (
        "new.xlsx：有内容的行 9 行\n"
        "「单位」新增 0，变更 0，不变 2，台账有而本表没有 0\n"
        "「账号」新增 0，变更 1，不变 1，台账有而本表没有 1\n"
        "「人员」新增 1，变更 0，不变 2，台账有而本表没有 0\n"
        "「值班表」新增 0，变更 0，不变 2，台账有而本表没有 0\n"
        "变更　「账号」A1 认证到期日：2026-04-30 → 2027-12-31\n"
        "台账有而本表没有（不会删除）　「账号」A3"
    )
    apply_later(stored, plan)
    assert stored.execute(
        "select account_id, verification_expires_on, imported_at from account order by 1"
    ).fetchall() == [
        ("A1", date(2027, 12, 31), datetime(2026, 3, 6, 1, 0)),
        ("A2", None, datetime(2026, 3, 5, 1, 0)),
        ("A3", None, datetime(2026, 3, 5, 1, 0)),
    ]


def test_one_error_and_nothing_is_imported(stored, workbooks):
    book = workbooks.good()
    book[0].rows[1][1] = "新名称"
    book[1].rows[2][2] = "脸书"

    plan = prepare_import(stored, book, "new.xlsx")

    with pytest.raises(ImportRefusedError, match=r"new\.xlsx has 1 errors; nothing was imported"):
        apply_later(stored, plan)
    names = stored.execute("select name from unit order by unit_id").fetchall()
    assert names == [("云杉新区管理委员会",), ("云杉新区教育局",)]
    assert count(stored, "import_record") == 1


def test_a_failure_while_writing_leaves_nothing_behind(stored, workbooks):
    book = workbooks.good()
    book[0].rows[1][1] = "新名称"
    book[2].rows.append(["P3", "王五", "U2", "", "", "", "", "是"])
    plan = prepare_import(stored, book, "new.xlsx")
    # Somebody imports the same person between the plan and its writing.
    stored.execute(
        "insert into person (person_id, name, unit_id, is_active, imported_at) "
        "values ('P3', '赵六', 'U1', true, timestamp '2026-03-05 02:00:00')"
    )

    with pytest.raises(Exception, match="P3"):
        apply_later(stored, plan)

    assert stored.execute("select name from person where person_id = 'P3'").fetchall() == [
        ("赵六",)
    ]
    assert stored.execute("select name from unit where unit_id = 'U1'").fetchone() == (
        "云杉新区管理委员会",
    )


@pytest.mark.parametrize(("index", "heading"), [(14, "负责人编号"), (15, "管理员编号")])
def test_another_person_needs_a_change_form(stored, workbooks, index, heading):
    book = workbooks.good()
    book[1].rows[1][index] = "P2" if index == 14 else "P1"

    refused = prepare_import(stored, book, "new.xlsx")
    allowed = prepare_import(stored, book, "new.xlsx", {"A1": "2026-007"})

    problem = refused.problems[0]
    assert (problem.code, problem.place.row, problem.place.heading, problem.article) == (
        "change_form_needed",
        2,
        heading,
        "第十三条",
    )
    assert refused.has_errors
    assert "--change-form A1=编号" in problem.right
    assert not allowed.has_errors
    assert allowed.changed[0].change_form == "2026-007"
    assert "（审批表 2026-007）" in plan_text(allowed)
    import_id = apply_later(stored, allowed)
    assert prepare_import(stored, book, "new.xlsx").is_empty
    (change,) = sql.rows(stored, "register/changes", record_key="A1", limit=9)
    assert change == {
        "table_name": "account",
        "record_key": "A1",
        "column_name": "responsible_person_id" if index == 14 else "administrator_person_id",
        "before_value": "P1" if index == 14 else "P2",
        "after_value": "P2" if index == 14 else "P1",
        "change_form": "2026-007",
        "actor": "李四",
        "changed_at": LATER,
        "import_id": import_id,
    }


def test_a_number_that_reaches_a_person_is_not_repeated_among_the_changes(stored, workbooks):
    book = workbooks.good()
    book[2].rows[1][4] = "13900000009"
    apply_later(stored, prepare_import(stored, book, "new.xlsx"))
    (change,) = sql.rows(stored, "register/changes", record_key="P1", limit=9)
    assert (change["column_name"], change["before_value"], change["after_value"]) == (
        "mobile",
        None,
        None,
    )
    assert told(change).after == "（不留存）"


def test_naming_a_first_person_needs_no_form(stored, workbooks):
    book = workbooks.good()
    book[1].rows[3][14] = "P2"

    assert not prepare_import(stored, book, "new.xlsx").has_errors


def test_removing_a_person_needs_a_form(stored, workbooks):
    book = workbooks.good()
    book[1].rows[1][15] = ""

    assert prepare_import(stored, book, "new.xlsx").problems[0].code == "change_form_needed"


def test_rules_hold_against_what_is_stored(stored, workbooks):
    accounts = workbooks.sheet(
        "账号",
        {"账号编号": "B1", "账号名称": "云杉发布"},  # the name of A2
        {"账号编号": "B2", "账号名称": "云杉教育号", "主办单位编号": "U2"},  # beside A3
    )
    roster = workbooks.sheet("值班表", workbooks.shift("经办", 1, "P2", "2026-03-05", "2026-03-20"))
    people = workbooks.sheet("人员", {"人员编号": "P2", "姓名": "李四", "培训日期": ""})

    plan = prepare_import(stored, [accounts, people, roster], "new.xlsx")

    assert [(item.code, item.place.row) for item in plan.problems] == [
        ("account_name_duplicate", 2),
        ("second_account_same_platform", 3),
        ("administrator_untrained", 2),
        ("roster_overlap", 2),
    ]
    assert sorted(plan.absent) == ["account", "person", "roster_shift"]


def test_every_statement_of_the_register_loads_what_it_changes(stored):
    row = sql.rows(stored, "register/all_roster_shift")[0]
    sql.execute(
        stored, "register/change_roster_shift", **(row | {"position": 3}), imported_at=LATER
    )
    assert sql.rows(stored, "register/all_roster_shift")[0]["position"] == 3
