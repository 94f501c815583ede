"""How a command prints: plain lines for people, or one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass


class CommandError(RuntimeError):
    """The command cannot go on; the sentence says what to do."""


@dataclass
class Output:
    """Where a command's words go; with ``--json`` the object is the only thing on standard output."""

    is_json: bool = False

    def say(self, line: str) -> None:
        """Print a line of plain progress."""
        if not self.is_json:
            print(line, flush=True)

    def note(self, line: str) -> None:
        """Print a line that is no result, to standard error."""
        print(line, file=sys.stderr, flush=True)

    def fail(self, sentence: str) -> None:
        """Say why the command failed, to standard error."""
        print(f"未完成：{sentence}", file=sys.stderr, flush=True)

    def result(self, facts: Mapping[str, object]) -> None:
        """Print the JSON object of a command run with ``--json``."""
        if self.is_json:
            print(json.dumps(facts, ensure_ascii=False, indent=1, default=str), flush=True)
