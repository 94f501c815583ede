"""Whose accounts a packet is about: the district, a unit with those below it, or one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from playbooks.core.documents import visible
from sql.refusal import Refusal

SCOPE_NAME_LIMIT: Final = 60
DISTRICT: Final = "district"


class ScopeError(Refusal, ValueError):
    """The district, unit or account is not in the register; the sentence is Chinese."""


@dataclass(frozen=True)
class Scope:
    """A unit with the units below it, one account, or with neither the whole district.

    A development zone is a unit whose own units stand below it (Article 6).

    Attributes:
        name: as printed in the title.
        unit_id: a unit and those below it.
        account_id: one account; never beside a unit.
    """

    name: str
    unit_id: str | None = None
    account_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a unit and an account at once: nobody could say which was meant."""
        if self.unit_id and self.account_id:
            raise ScopeError("一份数据包只能选一个单位或一个账号")

    @property
    def shown_name(self) -> str:
        """The name on one line, short enough for a title."""
        return visible(self.name, SCOPE_NAME_LIMIT)

    @property
    def key(self) -> str:
        """The id that tells scopes apart: of the account, of the unit, or ``district``."""
        return self.account_id or self.unit_id or DISTRICT

    @property
    def is_district(self) -> bool:
        """Whether it is the whole district."""
        return self.key == DISTRICT


def no_account(scope: Scope) -> ScopeError:
    """Return the error to raise for a scope of which the statistics know no account."""
    return ScopeError(
        f"统计库的台账副本中没有“{scope.shown_name}”({scope.key})的账号;"
        "请先导入台账并运行一次夜间统计"
    )
