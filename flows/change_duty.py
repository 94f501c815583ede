"""排班、换班、联系方式: the duty roster and how its people are reached, from the interface."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.duty_forms import PLAN_ONLY, REMOVE, ChangeContact, HandShift, PlanDuty
from flows.form_runs import Done, run_form, run_name
from flows.operations import contacts, shift_plans
from flows.operations.duty import hand_over_shift
from flows.operations.files import FileProblemError, inbox_paths
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.register.columns import labels
from playbooks.core.shift_changes import ShiftHandOver


@flow(name="排班", flow_run_name=run_name, validate_parameters=False)
def plan_duty(form: PlanDuty) -> State[str]:
    """Plan a roster from a declaration. Without Prefect: ``juzhen plan-duty``."""
    return run_form(PlanDuty, form, _planned)


@flow(name="换班", flow_run_name=run_name, validate_parameters=False)
def hand_shift(form: HandShift) -> State[str]:
    """Hand days of a shift over. Without Prefect: ``juzhen hand-shift``."""
    return run_form(HandShift, form, _handed)


@flow(name="联系方式", flow_run_name=run_name, validate_parameters=False)
def change_contact(form: ChangeContact) -> State[str]:
    """Set or remove one way to reach a person. Without Prefect: ``juzhen contact``."""
    return run_form(ChangeContact, form, _changed)


def _planned(settings: Settings, given: PlanDuty, _: datetime) -> Done:
    (path,) = inbox_paths(settings, [given.file_name])
    if not path.is_file():
        raise FileProblemError(f"收件目录 {settings.inbox} 中没有 {given.file_name}")
    made = shift_plans.plan_duty(settings, path, given.first_on, given.last_on)
    publish_page("duty-plan", f"```text\n{shift_plans.plan_text(made)}\n```", "排班")
    if given.mode == PLAN_ONLY:
        return Done("试排完成，没有写出；每人班次见看板「排班」")
    name = f"值班表 {given.first_on} 至 {given.last_on}.xlsx"
    try:
        with (settings.inbox / name).open("xb") as target:
            target.write(shift_plans.plan_workbook(made))
    except FileExistsError as error:
        raise FileProblemError(f"收件目录中已有「{name}」；请先移走或改名，以免盖掉") from error
    return Done(f"已写出「{name}」到收件目录；核对后用「导入文件」导入")


def _handed(settings: Settings, given: HandShift, moment: datetime) -> Done:
    roles = {title: role for role, title in labels("role").items()}
    wanted = ShiftHandOver(
        roles[given.role],
        given.position,
        given.starts_on,
        given.ends_on,
        given.to_person,
        given.reason,
    )
    hand_over_shift(settings, wanted, given.answered_by, moment)
    days = f"{given.starts_on} 至 {given.ends_on}"
    return Done(f"已登记换班：{given.role} {days} 由 {given.to_person} 值班")


def _changed(settings: Settings, given: ChangeContact, moment: datetime) -> Done:
    address, is_removed = given.address.strip(), given.change == REMOVE
    if is_removed and address:
        raise AnswerError("删去时「账号或邮箱」应留空")
    if not is_removed and not address:
        raise AnswerError("「账号或邮箱」必须填写；要删去请选「删去原有的」")
    names = {title: name for name, title in contacts.CONTACTS.items()}
    changed = {names[given.channel]: address}
    found = contacts.change_contact(settings, given.person, changed, given.answered_by, moment)
    what = "已删去" if is_removed else "已设置"
    return Done(f"{what} {found.person_id} 的{given.channel}，已留痕")
