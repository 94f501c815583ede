"""Accounts that were silent, or published other things, when a dispatch of an incident was due."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import cast

from playbooks.core.facts import as_list, as_mapping
from playbooks.core.findings.model import Found
from playbooks.core.messages import local
from playbooks.core.working_hours import local_day

WORDS = {"silent": "时限到时没有发布任何内容", "other": "时限到时只发布了其他内容"}


def silent(
    rows: Iterable[Mapping[str, object]],
    published: Mapping[tuple[str, str], datetime],
    units: Mapping[str, str],
) -> Iterator[Found]:
    """Yield a problem for every account that a case's note of silence names; *unknown* is none.

    Args:
        rows: of ``findings/silent_in_incident``.
        published: (case, account) -> when it was seen to have published after all.
        units: account -> its sponsor.
    """
    for row in rows:
        payload = as_mapping(json.loads(str(row["payload"])))
        found_at, case_id = cast("datetime", row["found_at"]), str(row["case_id"])
        for name, word in WORDS.items():
            for account_id in map(str, as_list(payload.get(name, []))):
                later = published.get((case_id, account_id))
                ending = f"；{local(later)} 登记为已补发" if later else "；至今未见补发"
                yield Found(
                    key=f"silent_in_incident:{case_id}:{payload['step_id']}:{account_id}",
                    code="silent_in_incident",
                    unit_id=units.get(account_id, ""),
                    account_id=account_id,
                    detail=f"{case_id}「{row['title']}」统一部署：{local(found_at)} {word}{ending}",
                    facts={"case_id": case_id, "found_at": found_at.isoformat(), "was": name},
                    occurred_on=local_day(found_at),
                )
