"""What operators type most: a report, and the answers that carry its case to the end."""

from __future__ import annotations

from pathlib import Path

import yaml

SAYS = {
    "verify": [
        "--set",
        "verdict=impersonation",
        "--set",
        "reason=头像相同",
        "--set",
        "harm=rumour",
    ],
    "approve": [
        *("--set", "decision=approve", "--set", "opinion=同意"),
        *("--set", "confirmed=checked"),
    ],
    "sent": [
        "--set",
        "sending=sent",
        "--set",
        "sent_by=机要交换",
        "--set",
        "receipt=收〔2026〕8号",
    ],
    "gone": ["--set", "look=gone"],
    "done": [
        *("--set", "answered_on=2026-11-26", "--set", "how=已电话答复"),
        *("--set", "report_id=全部"),
    ],
    "closing": ["--set", "checked=回执、证据、答复齐全"],
}


def open_one(desk, name="云衫新区发布", report="hotline:1", *extra):
    ran = desk.ask(
        *("open", "--set", "platform=weibo", "--set", f"display_name={name}"),
        *("--set", "channel=hotline", "--report", report, "--by", desk.people["handler"], *extra),
    )
    assert ran.code == 0, ran.err
    return ran.json


def answer(desk, case_id, step_id, says, role="handler", *extra):
    return desk.ask("answer", case_id, step_id, *SAYS[says], "--by", desk.people[role], *extra)


def watch_and_close(desk, case_id):
    """Let the watch pass without the account coming back, and close the case."""
    desk.later(days=31)
    assert desk.ask("sweep").code == 0
    return desk.ask(
        *("answer", case_id, "confirm_close", *SAYS["closing"], "--by", on_duty(desk, "reviewer"))
    )


def on_duty(desk, role):
    """Return who holds *role* now: the roster changes while a case is watched."""
    return desk.one(
        "select person_id from roster_shift"
        " where role = ? and position = 1 and ? between starts_on and ends_on",
        role,
        desk.now.date(),
    )


def credentials(home: Path, wechat, account_ids) -> Path:
    path = home / "credentials.yml"
    entries = {}
    for account_id in account_ids:
        given = wechat.credentials(account_id)
        entries[account_id] = {"appid": given.appid, "secret": given.secret}
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    path.chmod(0o600)
    return path


def off_roster(desk) -> str:
    """Return an active person who is on nobody's roster: the owner of an account, say."""
    return desk.one(
        "select person_id from person where is_active and person_id not in"
        " (select person_id from roster_shift) order by person_id limit 1"
    )
