"""The office's own facts, from ``<home>/office.yml``: who it is, whom it writes to, how to reach it.

Names of bodies change and nobody's number may be invented, so all of it is configuration. An entry
that is not verified says so in the file and in the preview.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from flows.settings import Settings, SettingsError

Name = Annotated[str, Field(min_length=1, max_length=100)]
FileName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^/\\]+$")]


ENTRY_TITLES = {
    "issuer": "发文机关",
    "bureau": "政务营商局名称",
    "public_security": "公安机关名称",
    "cyberspace_office": "网信部门名称",
    "contact": "联系人",
    "platform_companies": "平台运营公司",
}


class Part(BaseModel):
    """Base: unknown keys are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Contact(Part):
    """Whom an addressee can ask."""

    name: Name
    phone: Name


class BodyContact(Contact):
    """Whom to call at another body: 宣传, 网信, 公安 or a platform."""

    body: Name


class Materials(Part):
    """The office's papers that complaints ask for: file names in ``<home>/materials``."""

    uscc_certificate: FileName | None = None
    agent_identity: FileName | None = None


class OwnLimit(Part):
    """A limit that this office's superiors set, in minutes by the clock on the wall.

    Attributes:
        basis: the document that says so; printed with the deadline.
        verified_on: the day somebody compared it with that document; shown as 待核实 without.
    """

    minutes: Annotated[int, Field(gt=0, le=14_400)]
    basis: Annotated[str, Field(min_length=1, max_length=80)]
    verified_on: date | None = None


class Office(Part):
    """The issuing office.

    Attributes:
        issuer: full name as on the seal.
        number_prefix: 发文机关代字, for example ``云杉政营函``.
        bureau: the district's 政务营商局 under its present name.
        public_security: the addressee of the 商请 letter.
        cyberspace_office: the district's 网信 office, which gets copies.
        public_security_contact: whom the duty lead calls when fraud or personal data is in play.
        consultation: whom to call to the consultation of a major incident (Article 29).
        platform_companies: platform -> the company that runs it, as printed on its seal.
        office_hours: sessions and seasons when the office's hours are not the usual ones;
            ``flows/calendars.py`` gives them to the deadlines.
        limits: limits that no law known here gives, such as those of 突发信息报送; playbooks that need
            one open no case before it is set.
        reply_limits: kind of message (咨询, 投诉, 建议) -> workdays within which it is to be answered;
            only for packets, which name the limits as the office's own. Empty takes the shipped ones.
        materials: the office's papers that a platform's complaint asks for.
        unverified: entries of this file that nobody has checked yet, such as ``bureau`` or
            ``platform_companies.weibo``: shown as 待核实, and no letter that states one is signed
            before a person has confirmed it.
    """

    district: Name
    issuer: Name
    number_prefix: Name
    bureau: Name
    public_security: Name
    cyberspace_office: Name
    contact: Contact
    public_security_contact: Contact | None = None
    consultation: tuple[BodyContact, ...] = Field(default=(), strict=False)
    platform_companies: dict[str, Name]
    materials: Materials = Materials()
    office_hours: dict[str, object] | None = None
    limits: dict[str, OwnLimit] = {}
    reply_limits: dict[Name, Annotated[int, Field(gt=0, le=250)]] = {}
    unverified: tuple[Name, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _names_entries(self) -> Office:
        """Refuse a misspelt entry: what it was meant to mark would pass as checked."""
        for entry in self.unverified:
            if not self._values(entry):
                raise ValueError(f"unverified 中的 {entry} 不是本文件的栏目")
        return self

    def unverified_in(self, text: str) -> list[str]:
        """Return what *text* states of this file that nobody has checked, each value once."""
        stated = [
            f"{ENTRY_TITLES.get(place, place)}「{value}」尚未核对"
            for entry in self.unverified
            for place, value in self._values(entry)
            if value in text
        ]
        return list(dict.fromkeys(stated))

    def _values(self, entry: str) -> list[tuple[str, str]]:
        """Return the texts of an entry, each with its place; none when there is no such entry."""
        name, _, part = entry.partition(".")
        dumped = self.model_dump(exclude={"unverified"})
        value: object = dumped.get(name)
        if isinstance(value, dict):
            parts = cast("dict[str, object]", value)
            return [(name, str(v)) for k, v in parts.items() if part in ("", k)]
        return [(name, str(value))] if value is not None and not part else []


def read_office(settings: Settings) -> Office:
    """Return the office's facts.

    Raises:
        SettingsError: no file, or faults in it, each with its place.
    """
    return parse_office(settings.home / "office.yml")


def parse_office(path: Path) -> Office:
    """Return the office that *path* describes; see ``read_office``."""
    if not path.is_file():
        raise SettingsError(
            f"{path} 不存在：请复制 examples/office.yml 到该处并改成本单位的信息，再重试"
        )
    try:
        document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Office.model_validate(document)
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} 不是有效的 YAML：{error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} 不是 UTF-8 文本（第 {error.start} 字节）；请另存为 UTF-8"
        ) from error
    except ValidationError as error:
        faults = ";".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(f"{path} 有误：{faults}") from error
