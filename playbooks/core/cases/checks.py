"""What is refused before anything is recorded: a version out of its time, a clock that starts oddly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from playbooks.core.cases import armed
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import OfficeLimit
from playbooks.core.playbook.model import TIMED, Playbook

LONGEST_AGO = timedelta(days=3653)


def check_valid(playbook: Playbook, today: date) -> None:
    """Refuse to open a case with a version that is not valid *today*; running ones go on."""
    first_on, last_on = playbook.valid.first_on, playbook.valid.last_on
    name = f"预案「{playbook.title}」第 {playbook.version} 版"
    if first_on and today < first_on:
        raise AnswerError(f"{name}自 {first_on} 起施行，现在还不能用它立案")
    if last_on and today > last_on:
        raise AnswerError(f"{name}已于 {last_on} 停用，请改用现行版本立案")


def check_limits(playbook: Playbook, limits: Mapping[str, OfficeLimit]) -> None:
    """Refuse to open a case while a limit that only the office knows is not set, or is too long.

    Raises:
        AnswerError: every such limit at once, and where it is set.
    """
    wanted = playbook.office_limits
    missing = [
        f"「{title}」的时限（{name}）" for name, (title, _) in wanted.items() if name not in limits
    ]
    if missing:
        raise AnswerError(
            f"预案「{playbook.title}」还不能启用：{'、'.join(missing)}由本级规定，系统无从知道。"
            "请在数据目录的 office.yml 的 limits 中填写分钟数和依据，再立案"
        )
    for name, (title, due) in wanted.items():
        if limits[name].minutes > due.budget * 60:
            raise AnswerError(
                f"office.yml 的 limits.{name}（{title}）为 {limits[name].minutes} 分钟，"
                f"超过预案允许的最长 {due.budget} 小时；请核对"
            )


def frozen_limits(playbook: Playbook, limits: Mapping[str, OfficeLimit]) -> dict[str, object]:
    """Return what the ledger keeps of the office's limits: a case keeps those it was opened under."""
    kept = {name: asdict(limits[name]) for name in playbook.office_limits}
    return {"limits": kept} if kept else {}


def check_starts(
    playbook: Playbook, place: str, answers: Mapping[str, object], now: datetime
) -> None:
    """Refuse an answer with which a clock starts in the future, or unbelievably long ago."""
    dues = [step.due for step in playbook.steps if isinstance(step, TIMED)]
    sources = {due.since for due in dues if due.since.startswith(f"{place}.")}
    for source in sorted(sources):
        given = answers.get(source.split(".")[1])
        if given is None:
            continue
        started_at = armed.instant_of(str(given))
        if started_at > now:
            raise AnswerError(f"时限从「{given}」起算，不能晚于现在")
        if now - started_at > LONGEST_AGO:
            raise AnswerError(f"时限从「{given}」起算，已超过十年；请核对")
