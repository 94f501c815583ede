"""导入导出文件: one file of figures, or the whole drop folder; a dry run first, then for good."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from prefect import State, flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.form_runs import Done, run_form, run_name
from flows.forms import DRY_RUN, ImportExport
from flows.operations.boards import markdown_text
from flows.operations.drop_folder import place_in_drop, take_all
from flows.operations.drop_report import drop_lines, refused_in
from flows.operations.exports import Wanted, import_export, preview_export
from flows.operations.files import FileProblemError
from flows.operations.import_report import import_lines
from flows.publish_forms import publish_all
from flows.settings import Settings
from playbooks.core.messages import local


@flow(name="导入导出文件", flow_run_name=run_name, validate_parameters=False)
def import_export_file(form: ImportExport) -> State[str]:
    """Import what the form names and show what it did, or would do.

    Without Prefect: ``juzhen import-export`` and ``juzhen drop``.
    """
    return run_form(ImportExport, form, _imported)


def _imported(settings: Settings, given: ImportExport, moment: datetime) -> Done:
    is_preview = given.mode == DRY_RUN
    path = _place(settings, given.file_name)
    is_dropped = path.is_relative_to(settings.drop.resolve()) and not given.account_id
    if path.is_dir() or is_dropped:
        return _folder(settings, path, given, moment)
    wanted = Wanted(path, given.account_id or None, given.answered_by, _day(given.as_of))
    act = preview_export if is_preview else import_export
    lines = import_lines(act(settings, wanted, moment))
    _show([path.name, *lines], is_preview=is_preview)
    return _finish(settings, is_preview=is_preview)


def _place(settings: Settings, name: str) -> Path:
    """Return the file of the inbox, else the file or folder of the drop folder."""
    stripped = name.strip()
    in_inbox = settings.inbox / Path(stripped).name
    if stripped and stripped == in_inbox.name and in_inbox.is_file():
        return in_inbox
    settings.drop.mkdir(parents=True, exist_ok=True)
    return place_in_drop(settings, stripped)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise FileProblemError(f"数据截至日 {text} 不是日期；应如 2026-11-20") from error


def _folder(settings: Settings, path: Path, given: ImportExport, moment: datetime) -> Done:
    is_preview = given.mode == DRY_RUN
    taken = take_all(settings, moment, given.answered_by, is_preview=is_preview, inside=path)
    lines = drop_lines(taken) or [f"投递文件夹 {settings.drop} 是空的"]
    _show(lines, is_preview=is_preview)
    done = _finish(settings, is_preview=is_preview)
    if refused_in(taken):
        return Done("其余文件已处理", problem="有文件未能导入，原因见看板「导入导出文件」")
    return done


def _show(lines: list[str], *, is_preview: bool) -> None:
    mode = "试运行，未写入、未移动" if is_preview else "正式导入"
    text = [f"## 导入导出文件（{mode}）", "", f"截至 {local(now())}", ""]
    text += [f"- {markdown_text(line, 600)}" for line in lines]
    publish_page("export-import", "\n".join(text), "导入导出文件")


def _finish(settings: Settings, *, is_preview: bool) -> Done:
    if is_preview:
        return Done("试运行完成，没有写入；结果见看板「导入导出文件」")
    publish_all(settings)  # the list of imports that can be taken back has grown
    return Done("已导入，明细见看板「导入导出文件」")
