"""Subcommands of evidence: capture a page, make the package, verify one."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import CommandError, Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "capture", "采集可疑网页并固定为案件证据", capture)
    parser.add_argument("case_id")
    parser.add_argument("--url", default="", help="不填则用立案时登记的主页链接")
    add_person(parser)
    parser = add_command(subparsers, "evidence-package", "生成电子证据包（zip）", package)
    parser.add_argument("case_id")
    add_person(parser)
    parser = add_command(subparsers, "verify-evidence", "离线校验电子证据包", verify)
    parser.add_argument("path", type=Path, help="证据包 zip 或解压后的文件夹")


def capture(given: argparse.Namespace, output: Output) -> int:
    """Capture a page for a case."""
    from flows.operations.evidence import capture_page

    made = capture_page(read_settings(), given.case_id, given.url, given.by, clock.now())
    output.say(f"已采集 {made.final_url}，固定 {len(made.file_names)} 个文件：")
    for name in made.file_names:
        output.say(f"  {name}")
    for note in made.notes:
        output.say(f"注意：{note}")
    output.result(
        {"final_url": made.final_url, "files": list(made.file_names), "notes": list(made.notes)}
    )
    return 0


def package(given: argparse.Namespace, output: Output) -> int:
    """Make the evidence package of a case."""
    from flows.operations.evidence import make_package

    made = make_package(read_settings(), given.case_id, given.by, clock.now())
    output.say(f"已生成 {made.path}（{made.item_count} 件）  SHA-256 {made.sha256}")
    output.result({"path": str(made.path), "sha256": made.sha256, "items": made.item_count})
    return 0


def verify(given: argparse.Namespace, output: Output) -> int:
    """Verify a package; a fault is a failure."""
    from playbooks.core.evidence_verifier import faults

    if not given.path.exists():
        raise CommandError(f"找不到 {given.path}")
    found = faults(given.path)
    for sentence in found or ["校验通过：全部文件与清单一致。"]:
        output.say(sentence)
    output.result({"path": str(given.path), "faults": found})
    return 1 if found else 0
