"""The playbook of the soak's cases: every kind of waiting, no letters, so that thousands are cheap."""

from __future__ import annotations

import json
from typing import Final

INTERNAL: Final = {
    "kind": "internal",
    "basis": {"text": "soak"},
    "pause_on": ["awaiting_reporter"],
}
LADDER: Final = [
    {"at": "75%", "to": "handler"},
    {"at": "100%", "to": "reviewer"},
    {"at": "+2 working_hours", "to": "duty_lead"},
]
CLOCKS: Final = {
    "first": {"budget": 4, "unit": "working_hours"},
    "second": {"budget": 1, "unit": "working_days"},
    "left": {"budget": 30, "unit": "wall_hours"},
    "right": {"budget": 2, "unit": "calendar_days"},
    "look_again": {"budget": 5, "unit": "working_days"},
}


def playbook_text() -> str:
    """Return the playbook as JSON, which is YAML: four clocks, an expiry way, branches, rechecks."""
    second = [
        {"when": {"verdict": "go"}, "go": "both"},
        {"when": {"verdict": "stop"}, "go": "close"},
    ]
    return json.dumps(
        {
            "id": "soak",
            "version": 1,
            "title": "soak",
            "case_prefix": "SOAK",
            "basis": [{"text": "soak"}],
            "inputs": [{"name": "title", "title": "title", "type": "text"}],
            "roles": {
                name: {"title": name, "roster": name}
                for name in ("handler", "reviewer", "duty_lead")
            },
            "dedupe": {"key": ["title"]},
            "start": "first",
            "outcomes": {"done": "done"},
            "steps": [
                _ask("first", "handler", second, on_expire="second"),
                _ask("second", "reviewer", second),
                {
                    "id": "both",
                    "type": "parallel",
                    "title": "both",
                    "branches": ["left", "right"],
                    "next": "tell",
                },
                _ask("left", "handler", "join"),
                _ask("right", "reviewer", "join"),
                {"id": "tell", "type": "notify", "title": "tell", "to": "duty_lead", "next": "look_again"},
                {
                    "id": "look_again",
                    "type": "recheck",
                    "title": "look_again",
                    "owner": "handler",
                    "every": {"budget": 1, "unit": "working_days", **INTERNAL},
                    "consistent": 2,
                    "due": CLOCKS["look_again"] | INTERNAL,
                    "escalate": LADDER,
                    "next": "close",
                },
                {"id": "close", "type": "end", "title": "close", "outcome": "done"},
            ],
        },
        indent=1,
    )  # fmt: skip


def _ask(name: str, owner: str, following: object, on_expire: str = "") -> dict[str, object]:
    step: dict[str, object] = {
        "id": name,
        "type": "ask",
        "title": name,
        "owner": owner,
        "form": [
            {
                "name": "verdict",
                "title": "verdict",
                "type": "enum",
                "values": {"go": "go", "stop": "stop"},
            },
            {"name": "note", "title": "note", "type": "text", "required": False},
        ],
        "due": CLOCKS[name] | INTERNAL,
        "escalate": LADDER,
        "next": following,
    }
    return step | ({"on_expire": on_expire} if on_expire else {})
