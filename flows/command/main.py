"""Read the command line, run one operation, print plainly, exit non-zero on failure.

Operations are imported when their subcommand runs, so that ``juzhen --help`` is quick and a broken
part does not take the others with it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Final, cast

from flows import clock
from flows.command import (
    appraising,
    cases,
    checking,
    drills,
    duty,
    evidence,
    exports,
    findings,
    impersonation,
    incidents,
    leads,
    matching,
    packets,
    playbooks,
    register,
    repair,
    reports,
    scanning,
    server,
    statistics,
    tracing,
    watching,
)
from flows.command.arguments import OneCommand
from flows.command.output import CommandError, Output
from flows.refusals import expected_errors, sentence_of

READER_LEFT: Final = 141
"""128 + SIGPIPE, as shells have it: whether the work was done is not known to the reader."""

ADDERS: Final = (
    register.add,
    statistics.add,
    packets.add,
    tracing.add,
    exports.add,
    cases.add,
    playbooks.add,
    drills.add,
    reports.add,
    scanning.add,
    impersonation.add,
    incidents.add,
    leads.add,
    findings.add,
    checking.add,
    appraising.add,
    evidence.add,
    matching.add,
    watching.add,
    duty.add,
    repair.add,
    server.add,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 refused or found, 2 usage, 141 unread."""
    words = sys.argv[1:] if arguments is None else arguments
    given = _parser_for(words).parse_args(words)
    output = Output(is_json=bool(getattr(given, "json", False)))
    try:
        if clock.is_fixed():
            output.note(f"注意：时间由 JUZHEN_NOW 固定为 {clock.now().isoformat()}")
        _refuse_stray_bytes(vars(given))
        return given.run(given, output)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except expected_errors() as error:
        output.fail(sentence_of(error))
    return 1


def _parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the subcommand that *words* begin with, or of all when they name none."""
    parser = argparse.ArgumentParser(
        prog="juzhen", description="政务新媒体矩阵：统计、办件、时限、函件、数据包"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="命令")
    if words:
        typed = OneCommand(subparsers, words[0])
        for add in ADDERS:
            add(typed)
        if typed.is_found:
            return parser
    for add in ADDERS:
        add(subparsers)
    return parser


def _refuse_stray_bytes(given: Mapping[str, object]) -> None:
    """Refuse words that are no UTF-8, which no catalog can hold; a file's own name may be anything."""
    for value in given.values():
        for word in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(word, str) and any("\ud800" <= letter <= "\udfff" for letter in word):
                raise CommandError(f"「{word}」不是 UTF-8 文字；请检查终端编码后重新输入")
