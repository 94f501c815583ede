"""What a check found, in a sentence for a person."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml


def check_sentence(name: str) -> str:
    """Return what the rows of the check *name* mean and what to do; the name if nobody has said."""
    return check_sentences().get(name, name)


@cache
def check_sentences() -> dict[str, str]:
    """Return every declared check with its sentence; ``fail_`` or ``warn_`` is its severity."""
    path = Path(__file__).with_name("checks.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
