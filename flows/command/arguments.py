"""Arguments that several subcommands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from flows.command.output import CommandError, Output


class Subparsers(Protocol):
    """What ``argparse`` hands out for adding subcommands."""

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser:
        """Add one subcommand."""
        ...


class OneCommand:
    """Subparsers that take in one subcommand and let the others pass.

    A process runs one of some sixty; making the parsers of all took longer than most of them run.

    Attributes:
        is_found: whether the subcommand has been added.
    """

    def __init__(self, subparsers: Subparsers, name: str) -> None:
        self.is_found = False
        self._subparsers, self._name = subparsers, name
        self._passed = _Passed(add_help=False)

    def add_parser(self, name: str, *, help: str, description: str) -> argparse.ArgumentParser:
        """Add one subcommand, if it is the wanted one."""
        if name != self._name:
            return self._passed
        self.is_found = True
        return self._subparsers.add_parser(name, help=help, description=description)


class _Passed(argparse.ArgumentParser):
    """The parser of a subcommand that was not typed: it forgets what it is told."""

    def add_argument(self, *_: object, **__: object) -> argparse.Action:
        return argparse.Action([], "")

    def set_defaults(self, **_: object) -> None:
        pass


Run = Callable[[argparse.Namespace, Output], int]


def add_command(
    subparsers: Subparsers, name: str, help_text: str, run: Run
) -> argparse.ArgumentParser:
    """Add the subcommand *name*, which prints JSON with ``--json`` and runs *run*."""
    parser = subparsers.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.set_defaults(run=run)
    return parser


def add_person(parser: argparse.ArgumentParser) -> None:
    """Add the person who acts."""
    parser.add_argument("--by", required=True, metavar="人员编号", help="办理人在台账中的编号")


def pairs(given: list[str]) -> dict[str, str]:
    """Return ``name=value`` arguments as a dictionary.

    Raises:
        CommandError: an argument without ``=``, or the same name twice.
    """
    found: dict[str, str] = {}
    for item in given:
        name, separator, value = item.partition("=")
        if not separator:
            raise CommandError(f"{item} 应写成 栏目=内容")
        if name in found:
            raise CommandError(f"{name} 写了两次；请只保留一个")
        found[name] = value
    return found
