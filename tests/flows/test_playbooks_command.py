"""``juzhen playbooks``: versions side by side, faults with their lines, diagrams."""

from flows.operations import shipped
from tests.support.casework import IMPERSONATION, SMALL


def test_an_edited_playbook_leaves_running_cases_with_theirs(desk, case_id, monkeypatch, tmp_path):
    folder = tmp_path / "playbooks" / "impersonation"
    folder.mkdir(parents=True)
    text = IMPERSONATION.read_text(encoding="utf-8")
    edited = text.replace("version: 5\n", "version: 6\n").replace("budget: 4,", "budget: 2,", 1)
    (folder / "playbook.yml").write_text(edited, encoding="utf-8")
    monkeypatch.setattr(shipped, "PLAYBOOKS", folder.parent)
    listed = desk.ask("playbooks", "list").json["versions"]
    assert [(v["version"], v["is_current"], v["open_count"]) for v in listed] == [
        (6, True, 0),
        (5, False, 1),
    ]
    assert "第 5 版" in desk.run("case", case_id).out


def test_lint_names_file_and_line(desk, tmp_path):
    path = tmp_path / "wrong.yml"
    path.write_text(SMALL.replace("go: close}", "go: nowhere}"), encoding="utf-8")
    ran = desk.ask("playbooks", "lint", path)
    assert ran.code == 1
    assert ran.json["faults"][0].startswith(f"{path}:16: step look leads to nowhere")
    assert desk.ask("playbooks", "lint").json == {"sound": True, "faults": []}


def test_lint_looks_into_the_playbook_that_another_one_opens(desk, tmp_path):
    step = (
        "  - {id: sub, type: sub_playbook, title: 转, playbook: %s, inputs: {display_name: "
        "input.title}, values: {platform: telegraph}, next: close}\n  - {id: close"
    )
    for reference, word in (
        ("impersonation@99", "impersonation@99, which is not shipped"),
        ("impersonation@5", "platform of impersonation@5 has no value telegraph"),
        ("impersonation@5", "impersonation@5 requires the input channel"),
    ):
        path = tmp_path / "other.yml"
        text = SMALL.replace("    next: close\n", "    next: sub\n").replace(
            "  - {id: close", step % reference
        )
        path.write_text(text, encoding="utf-8")
        assert any(word in fault for fault in desk.ask("playbooks", "lint", path).json["faults"])


def test_the_case_page_marks_where_the_case_stands(desk, case_id):
    assert "  class s_verify current;" in desk.run("case", case_id).out.splitlines()
