"""A step or a limit of a case by its Chinese title, as forms name them; identifiers are taken too."""

from __future__ import annotations

from collections.abc import Mapping

import sql
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.store import CaseNotFoundError
from sql.catalogs import open_catalog


def open_step_named(settings: Settings, case_id: str, text: str) -> str:
    """Return the id of the open step that *text* names; with no text, of the only one there is.

    Raises:
        AnswerError: none or several fit; the sentence lists what there is.
        CaseNotFoundError: there is no such case.
    """
    found = _titles(settings, case_id, "cases/open_steps", "step_id")
    return _chosen(found, text, "步骤", f"案件 {case_id} 的待办步骤")


def deadline_named(settings: Settings, case_id: str, text: str) -> str:
    """Return the id of the counting deadline that *text* names; with no text, of the only one.

    Raises:
        AnswerError: none or several fit; the sentence lists what there is.
        CaseNotFoundError: there is no such case.
    """
    found = _titles(settings, case_id, "deadlines/counting_of_case", "deadline_id")
    return _chosen(found, text, "时限", f"案件 {case_id} 正在计时或暂停的时限")


def _titles(settings: Settings, case_id: str, query: str, key: str) -> Mapping[str, str]:
    with open_catalog(settings.ops) as connection:
        if not sql.rows(connection, "cases/summary", case_id=case_id):
            raise CaseNotFoundError(f"没有案件 {case_id}；请核对编号，看板列出在办案件")
        rows = sql.rows(connection, query, case_id=case_id)
    return {str(row[key]): str(row["title"]) for row in rows}


def _chosen(found: Mapping[str, str], text: str, what: str, whose: str) -> str:
    wanted = text.strip()
    fitting = [key for key, title in found.items() if wanted in ("", key, title)]
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise AnswerError(f"{whose}现在没有")
    listed = "、".join(found.values())
    if not fitting:
        raise AnswerError(f"没有{what}「{wanted}」；{whose}：{listed}")
    if not wanted:
        raise AnswerError(f"请写明{what}；{whose}：{listed}")
    raise AnswerError(f"{what}「{wanted}」不止一个，请改填编号：{'、'.join(fitting)}")
