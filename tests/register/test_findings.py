from datetime import date

from playbooks.core.register.findings import register_findings


def test_findings_of_the_good_workbook_by_article(stored):
    found = register_findings(stored, date(2026, 3, 5))

    assert [(item.code, item.account_id, item.detail) for item in found] == [
        ("no_responsible_person", "A3", ""),
        ("no_administrator", "A2", ""),
        ("no_administrator", "A3", ""),
        ("verification_incomplete", "A2", ""),
        ("verification_incomplete", "A3", ""),
        ("not_approved", "A2", ""),
        ("not_approved", "A3", ""),
        ("not_verified", "A2", ""),
        ("not_verified", "A3", ""),
        ("verification_expiring", "A1", "2026-04-30"),
        ("comments_closed", "A3", ""),
        ("outsourced", "A3", "某传媒公司"),
    ]
    assert found[0].as_dict() == {
        "code": "no_responsible_person",
        "level": "finding",
        "article": "第七条、第二十四条",
        "title": "没有在岗的负责人",
        "unit_id": "U2",
        "unit_name": "云杉新区教育局",
        "account_id": "A3",
        "account_name": "云杉教育",
        "platform": "weibo",
        "detail": "",
    }


def test_expiry_is_inclusive_on_both_ends(stored):
    def codes(today, days):
        found = register_findings(stored, today, days)
        return [item.code for item in found if "expir" in item.code]

    assert codes(date(2026, 4, 29), 0) == []
    assert codes(date(2026, 4, 29), 1) == ["verification_expiring"]
    assert codes(date(2026, 4, 30), 0) == ["verification_expiring"]
    assert codes(date(2026, 5, 1), 60) == ["verification_expired"]


def test_findings_between_accounts(stored):
    stored.execute(
        "update account set unit_id = 'U1', verified_subject = '某公司' where account_id = 'A3'"
    )
    stored.execute("update person set trained_on = null, is_active = false")
    stored.execute("update account set verification_status = 'pending' where account_id = 'A2'")
    found = register_findings(stored, date(2026, 3, 5))
    wanted = ("second_account_same_platform", "names_differ", "subject_differs")
    wanted += ("administrator_untrained", "no_responsible_person", "not_verified")

    assert [
        (item.code, item.unit_id, item.account_id, item.detail)
        for item in found
        if item.code in wanted
    ] == [
        ("no_responsible_person", "U1", "A1", "张三"),
        ("no_responsible_person", "U1", "A2", "张三"),
        ("no_responsible_person", "U1", "A3", ""),
        ("administrator_untrained", "U1", "A1", "李四"),
        ("second_account_same_platform", "U1", "A2", "云杉发布 / 云杉教育"),
        ("second_account_same_platform", "U1", "A3", "云杉发布 / 云杉教育"),
        ("names_differ", "U1", "", "云杉发布 / 云杉教育"),
        ("subject_differs", "U1", "A3", "某公司"),
        ("not_verified", "U1", "A2", "认证中"),
        ("not_verified", "U1", "A3", ""),
    ]


def test_closed_accounts_have_no_findings(stored):
    stored.execute("update account set status = 'deregistered'")
    assert register_findings(stored, date(2026, 5, 1)) == []
