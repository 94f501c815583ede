"""Where boards and pages link to; ``flows.links`` knows the real addresses, tests and commands need none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HOME = "home"
"""The key of the front page."""

AnswerLink = Callable[[str, str, int], str]
"""case_id, step_id, visit -> address of the form that answers the step; empty when there is none."""


def _no_form(form_key: str, given: Mapping[str, object]) -> str:
    return ""


def _no_answer(case_id: str, step_id: str, visit: int) -> str:
    return ""


def _no_page(key: str) -> str:
    return ""


@dataclass(frozen=True)
class Addresses:
    """Every function gives the empty string where there is no address.

    Attributes:
        form: key of a form and what to fill in -> its address.
        answer: case, step, visit -> the step's form.
        receipt: case, step, visit -> the form for the receipt of a letter that has gone.
        page: key of a board or case page -> its address.
        titles: key of every published form -> its title.
    """

    form: Callable[[str, Mapping[str, object]], str] = _no_form
    answer: AnswerLink = _no_answer
    receipt: AnswerLink = _no_answer
    page: Callable[[str], str] = _no_page
    titles: Mapping[str, str] = field(default_factory=dict[str, str])


def linked(text: str, address: str) -> str:
    """Return Markdown of *text*, which must be safe, as a link where there is an address."""
    return f"[{text}]({address})" if address else text


def case_key(case_id: str) -> str:
    """Return the key of a case's page."""
    return f"case-{case_id.lower()}"


def person_key(person_id: str) -> str:
    """Return the key of a person's own board; keys hold lower-case letters, digits and dashes."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in person_id.lower())
    return f"person-{plain}"
