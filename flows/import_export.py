"""导入导出文件: one file of figures, or the whole drop folder; a dry run first, then for good."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import DRY_RUN, ImportExport
from flows.operations.boards import markdown_text
from flows.operations.drop_folder import place_in_drop, take_all
from flows.operations.drop_report import drop_lines, refused_in
from flows.operations.exports import Wanted, import_export, preview_export
from flows.operations.files import FileProblemError
from flows.operations.import_report import import_lines
from flows.publish_forms import publish_all
from flows.settings import Settings, read_settings
from playbooks.core.messages import local


class FilesRefusedError(RuntimeError):
    """Some files were refused; the others are imported, the page says which and why."""


@flow(name="导入导出文件")
def import_export_file(form: ImportExport) -> str:
    """Import what the form names and show what it did, or would do.

    Without Prefect: ``juzhen import-export`` and ``juzhen drop``.
    """
    settings = read_settings()
    is_preview = form.mode == DRY_RUN
    path = _place(settings, form.file_name)
    if path.is_dir():
        return _folder(settings, path, form.answered_by, is_preview=is_preview)
    wanted = Wanted(path, form.account_id or None, form.answered_by, _day(form.as_of))
    if path.is_relative_to(settings.drop.resolve()) and not form.account_id:
        return _folder(settings, path, form.answered_by, is_preview=is_preview)
    act = preview_export if is_preview else import_export
    lines = import_lines(act(settings, wanted, now()))
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


def _folder(settings: Settings, path: Path, person: str, *, is_preview: bool) -> str:
    taken = take_all(settings, now(), person, is_preview=is_preview, inside=path)
    lines = drop_lines(taken) or [f"投递文件夹 {settings.drop} 是空的"]
    _show(lines, is_preview=is_preview)
    done = _finish(settings, is_preview=is_preview)
    if refused_in(taken):
        raise FilesRefusedError("有文件未能导入，原因见「导入导出文件」页面；其余已处理")
    return done


def _show(lines: list[str], *, is_preview: bool) -> None:
    mode = "试运行，未写入、未移动" if is_preview else "正式导入"
    text = [f"## 导入导出文件（{mode}）", "", f"截至 {local(now())}", ""]
    text += [f"- {markdown_text(line, 600)}" for line in lines]
    publish_page("export-import", "\n".join(text), "导入导出文件")


def _finish(settings: Settings, *, is_preview: bool) -> str:
    if is_preview:
        return "试运行完成，未写入"
    publish_all(settings)  # the list of imports that can be taken back has grown
    return "已导入"
