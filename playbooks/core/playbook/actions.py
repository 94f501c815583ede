"""What a ``do`` step can have the system do; ``flows.operations.actions`` does it.

Every action makes a file from what this installation holds. None reaches outside: looking at a page or
sending anything is a person's act.
"""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "register_extract": "固定台账登记信息",
    "case_file": "生成案卷",
}
