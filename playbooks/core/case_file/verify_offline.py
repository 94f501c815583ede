"""Check a case file without the system that made it: run ``python3 verify.py`` in its folder.

Needs nothing but Python 3.9. It compares every file with manifest.json, and every ledger entry that
nothing was masked in with its hash. It says what it cannot check.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Iterator  # noqa: UP035 - an auditor's Python may be an old one

Entry = Any
SEALED = ("position", "case_id", "event_type", "reference", "actor", "occurred_at")


def canonical(value: object) -> str:
    """Return JSON with sorted keys and no spaces, as the hashes were computed from."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def wrong_files(folder: Path) -> Iterator[str]:
    """Yield what differs between the folder and its manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            yield f"{name}: missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            yield f"{name}: changed after the case file was made"


def wrong_entries(entries: list[Entry]) -> Iterator[str]:
    """Yield entries whose content is not what their hash seals, or that stand out of order."""
    before: Entry = None
    for entry in entries:
        position = entry["position"]
        if before and position <= before["position"]:
            yield f"entry {position}: out of order"
        is_next = before and position == before["position"] + 1
        if is_next and entry["previous_hash"] != before["entry_hash"]:
            yield f"entry {position}: does not follow the one before"
        if not entry["is_masked"] and entry_hash(entry) != entry["entry_hash"]:
            yield f"entry {position} ({entry['event_type']}): changed"
        before = entry


def entry_hash(entry: Entry) -> str:
    """Return the SHA-256 over an entry's fields and the hash before it."""
    sealed = [*(entry[name] for name in SEALED), canonical(entry["payload"])]
    text = canonical([*sealed, entry["previous_hash"]])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def main(folder: Path) -> int:
    """Check the case file in *folder*, say what was found, return 0 when all holds."""
    case = json.loads((folder / "案卷.json").read_text(encoding="utf-8"))
    entries = case["entries"]
    faults = [*wrong_files(folder), *wrong_entries(entries)]
    for fault in faults:
        print("FAULT", fault)
    masked = sum(entry["is_masked"] for entry in entries)
    print(f"{len(entries) - masked} of {len(entries)} entries recomputed; in {masked} personal")
    print("data was masked, so that only the system itself can recompute them:")
    print(f"  juzhen verify --head {case['head']['position']}:{case['head']['entry_hash']}")
    print("FAULTS FOUND" if faults else "OK")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
