"""Which columns a feed of reports has, and what becomes of each: taken, kept apart, blotted out, ignored.

The shipped sources stand in ``report_sources.yml``; an office's file of the same shape adds its own
or replaces one by its identifier. Every column of a file is accounted for by one of the lists, or
named as unknown and left out: a column nobody decided about may hold personal data.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sql.refusal import Refusal

SHIPPED = Path(__file__).with_suffix(".yml")

FieldName = Literal[
    "number",
    "subject",
    "content",
    "category",
    "arrived_by",
    "received",
    "answer_due",
    "platform",
    "display_name",
    "platform_account_id",
    "url",
    "official_account_id",
]
Heading = Annotated[str, Field(min_length=1, max_length=60)]
Headings = Annotated[tuple[Heading, ...], Field(strict=False)]
Channel = Literal["citizen", "hotline", "inspection", "sponsor", "other"]


class SourceError(Refusal, ValueError):
    """A file of sources that cannot be used; the sentence names the file and every fault."""


class Part(BaseModel):
    """Base: an unknown key is refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Contact(Part):
    """Where the reporter can be reached: kept apart to answer them, or dropped at the door."""

    keep: Headings = ()
    drop: Headings = ()


class Source(Part):
    """One feed; see the head of ``report_sources.yml`` for what each list means."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    channel: Channel
    numbers: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{1,39})?$")] = ""
    required: Headings
    fields: dict[FieldName, Headings]
    contact: Contact
    personal: Headings
    ignored: Headings

    @property
    def known(self) -> frozenset[str]:
        """Every heading that this source decides about."""
        taken = [heading for headings in self.fields.values() for heading in headings]
        others = (self.contact.keep, self.contact.drop, self.personal, self.ignored)
        return frozenset([*taken, *(heading for headings in others for heading in headings)])


class Sources(Part):
    """The sources by identifier, and the words that make a row relevant."""

    sources: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")], Source]
    relevant_words: Annotated[tuple[Heading, ...], Field(strict=False)] = ()


def read_sources(own: Path | None = None) -> Sources:
    """Return the shipped sources with those of the office's file *own* over them, if it is there.

    Raises:
        SourceError: a file with faults, all of them named.
    """
    shipped = _shipped()
    if own is None or not own.is_file():
        return shipped
    added = _parse(own)
    return Sources(
        sources={**shipped.sources, **added.sources},
        relevant_words=added.relevant_words or shipped.relevant_words,
    )


@cache
def _shipped() -> Sources:
    return _parse(SHIPPED)


def _parse(path: Path) -> Sources:
    try:
        document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Sources.model_validate(document)
    except yaml.YAMLError as error:
        raise SourceError(f"{path} 不是有效的 YAML：{error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} 不是 UTF-8 文本；请另存为 UTF-8") from error
    except ValidationError as error:
        faults = "；".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SourceError(f"{path} 有误：{faults}") from error
