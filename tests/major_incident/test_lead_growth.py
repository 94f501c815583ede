"""What a lead says as more is seen: what platforms show cannot be pushed off by many reports."""

from playbooks.major_incident.leads import CUT, Found, told_together


def found(**said):
    return Found(
        "takeover", "A1", "疑似被盗", {key.replace("_", "|"): t for key, t in said.items()}
    )


def test_reports_stand_behind_what_a_platform_shows_and_are_cut_first_and_visibly():
    told = ""
    for number in range(60):
        report = found(**{f"takeover_A1_report_{number}": f"举报 {number} 提到该账号「被盗」。"})
        told = told_together(told, report, 300)
    assert len(told) == 300
    assert told.endswith(CUT)
    renamed = found(takeover_A1_name_x="平台显示的名称为「诈骗客服」。")
    told = told_together(told, renamed, 300)
    assert told.startswith("平台显示的名称为「诈骗客服」。举报 0 提到")
    assert (len(told), told.endswith(CUT)) == (300, True)


def test_nothing_is_cut_where_all_of_it_has_room():
    both = found(takeover_A1_name_x="改名。", takeover_A1_report_7="举报。")
    assert told_together("此前。", both, 100) == "改名。此前。举报。"
