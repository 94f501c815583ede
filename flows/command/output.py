"""How a command prints: plain lines for people, or one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from sql.refusal import Refusal


class CommandError(Refusal, RuntimeError):
    """The command cannot go on; the sentence says what to do."""


@dataclass
class Output:
    """Where a command's words go; with ``--json`` the object is the only thing on standard output."""

    is_json: bool = False
    has_result: bool = False

    def say(self, line: str) -> None:
        """Print a line of plain progress."""
        if not self.is_json:
            print(_seen(line), flush=True)

    def note(self, line: str) -> None:
        """Print a line that is no result, to standard error."""
        print(_seen(line), file=sys.stderr, flush=True)

    def fail(self, sentence: str) -> None:
        """Say why the command failed, to standard error; programs get it as the JSON object too."""
        print("未完成：" + _seen(sentence), file=sys.stderr, flush=True)
        if not self.has_result:
            self.result({"error": sentence})

    def result(self, facts: Mapping[str, object]) -> None:
        """Print the JSON object of a command run with ``--json``."""
        self.has_result = True
        if self.is_json:
            text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
            # Half a character, as from a mistyped argument, is written as JSON's own escape.
            print(text.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)


def _seen(text: str) -> str:
    """Return *text* as a terminal may print it; line breaks, tabs and indents stay as they are meant.

    What a command says quotes files, names and answers from outside, and a terminal obeys what it is
    sent: an escape sequence in an account's name could hide or rewrite the lines around it.
    """
    from playbooks.core.documents.text import PARAGRAPH_LIMIT, visible

    return "\n".join(
        "\t".join(visible(cell, PARAGRAPH_LIMIT) for cell in line.split("\t"))
        for line in text.replace("\r\n", "\n").split("\n")
    )
