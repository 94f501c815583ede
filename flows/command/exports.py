"""Subcommands for files of figures: import one, take in the drop folder, list, take back, templates."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers, "import-export", "导入一个平台后台导出文件或手工填报表", import_export
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--account", default="", metavar="台账号", help="手工填报表不用填")
    parser.add_argument("--as-of", default="", help="数据截至哪一天（下载那天），默认今天")
    parser.add_argument("--dry-run", action="store_true", help="只看会导入什么，不写入")
    add_person(parser)
    parser = add_command(subparsers, "drop", "收取投递文件夹 drop 中的全部文件", drop)
    parser.add_argument("--dry-run", action="store_true", help="只看会导入什么，不写入、不移动")
    parser = add_command(subparsers, "imports", "列出导入记录", imports)
    parser.add_argument("--account", default="", metavar="台账号")
    parser = add_command(subparsers, "revoke-import", "撤销一次导入，数字退回到此前所知", revoke)
    parser.add_argument("import_id", metavar="导入编号")
    parser.add_argument("--reason", required=True, help="撤销理由，留痕")
    add_person(parser)
    parser = add_command(
        subparsers, "manual-template", "写出空白手工填报表（含线下活动）", manual_template
    )
    parser.add_argument("path", type=Path, help="要写的 .xlsx 文件")
    parser.add_argument("--unit", default="", metavar="单位编号", help="只列该单位的账号")
    add_command(subparsers, "export-layouts", "列出认得的导出格式，检查自定的格式声明", layouts)
    parser = add_command(
        subparsers, "map-layout", "不认得的导出文件：看草稿，或启用补全后的格式声明", map_layout
    )
    parser.add_argument("draft", metavar="草稿编号", help="见拒收时的说明")
    parser.add_argument(
        "text", type=Path, nargs="?", default=None, help="补全后的声明；不写就显示草稿"
    )
    parser.add_argument("--dry-run", action="store_true", help="只检查，不启用")


def import_export(given: argparse.Namespace, output: Output) -> int:
    """Import one file, or tell what importing it would do."""
    from flows.operations.exports import Wanted, import_export, preview_export
    from flows.operations.import_report import import_lines

    wanted = Wanted(
        given.path,
        given.account or None,
        given.by,
        parse_day(given.as_of) if given.as_of else None,
    )
    act = preview_export if given.dry_run else import_export
    done = act(read_settings(), wanted, clock.now())
    for line in import_lines(done):
        output.say(line)
    reading = done.reading
    output.result(
        {
            "import_id": done.import_id or None,
            "already": str(done.before["import_id"]) if done.before else None,
            "written": not given.dry_run and done.before is None,
            "source": reading.source,
            "layout": reading.layout,
            "accounts": list(done.account_ids),
            "rows": reading.row_count,
            "capped": reading.is_capped,
            "observations": done.built.observation_count if done.built else 0,
            "notes": reading.notes,
            "warnings": reading.warnings,
            "unknown_columns": reading.unknown_columns,
        }
    )
    return 0


def drop(given: argparse.Namespace, output: Output) -> int:
    """Take in the drop folder; non-zero when a file was refused."""
    from flows.operations.drop_folder import take_all
    from flows.operations.drop_report import drop_lines, refused_in

    settings = read_settings()
    taken = take_all(settings, clock.now(), is_preview=given.dry_run)
    for line in drop_lines(taken):
        output.say(line)
    if not taken:
        output.say(f"投递文件夹 {settings.drop} 是空的")
    files = [{"name": one.name, "outcome": one.outcome, "sentence": one.sentence} for one in taken]
    output.result({"files": files})
    return 1 if refused_in(taken) else 0


def imports(given: argparse.Namespace, output: Output) -> int:
    """List the imports, newest first."""
    from flows.operations.import_log import imports_of
    from flows.operations.import_report import log_lines

    records = imports_of(read_settings(), given.account)
    for line in log_lines(records):
        output.say(line)
    output.say(f"共 {len(records)} 次导入。")
    output.result({"imports": records})
    return 0


def revoke(given: argparse.Namespace, output: Output) -> int:
    """Take one import back."""
    from flows.operations.import_log import revoke_import

    done = revoke_import(read_settings(), given.import_id, given.reason, given.by, clock.now())
    output.say(f"已撤销 {done.import_id}：{done.payload_count} 份数据不再采用，原件与观测仍存档")
    output.result(asdict(done))
    return 0


def manual_template(given: argparse.Namespace, output: Output) -> int:
    """Write the blank sheet for figures without a source."""
    from flows.operations.manual_entry import blank_sheet

    content = blank_sheet(read_settings(), given.unit)
    try:
        with given.path.open("xb") as target:
            target.write(content)
    except FileExistsError as error:
        raise CommandError(f"{given.path} 已存在；请换一个文件名，以免盖掉已填的表") from error
    output.say(f"已写出 {given.path}；填写后运行 juzhen import-export {given.path} --by 人员编号")
    output.result({"path": str(given.path)})
    return 0


def map_layout(given: argparse.Namespace, output: Output) -> int:
    """Check a completed layout declaration and put it in use."""
    from flows.operations import layout_mapping

    settings = read_settings()
    if given.text is None:
        draft = layout_mapping.draft_named(settings, given.draft)
        output.say(draft.text)
        output.result({"draft": draft.name, "text": draft.text})
        return 0
    text = given.text.read_text(encoding="utf-8")
    lines = layout_mapping.map_layout(settings, given.draft, text, is_preview=given.dry_run)
    for line in lines:
        output.say(line)
    output.say("试运行，未写入" if given.dry_run else "已启用；请再导入一次那个文件")
    output.result({"tables": lines, "written": not given.dry_run})
    return 0


def layouts(given: argparse.Namespace, output: Output) -> int:
    """List every declared layout; a fault in one of the office's own is told with its place."""
    from connectors.exports.declaring import load_tables
    from playbooks.core.register.columns import labels

    platforms = labels("platform")
    found = load_tables(read_settings().export_layouts)
    rows = [
        {
            "platform": platforms.get(table.platform, "任何平台"),
            "layout": f"{table.source}/{table.layout}/{table.name}",
            "title": table.title,
            "recognised_by": [
                heading for heading, column in table.columns.items() if column.key in table.required
            ],
            "own": table.is_own,
            "unverified": table.unverified,
        }
        for table in found
    ]
    for row in rows:
        marks = f"{'，本单位自定' if row['own'] else ''}{'，待核实' if row['unverified'] else ''}"
        output.say(f"{row['platform']}「{row['title']}」{row['layout']}{marks}")
    output.result({"layouts": rows})
    return 0
