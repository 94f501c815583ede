"""What a ``do`` step can have the system do; ``flows.operations.actions`` does it.

Every action makes files from what this installation holds. None reaches outside: looking at a page or
sending anything is a person's act.
"""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "register_extract": "固定台账登记信息",
    "case_file": "生成案卷",
    "spot_check_draw": "抽取账号、预填检查底稿",
    "spot_check_result": "汇总检查结果、固定底稿",
    "spot_check_notices": "向各单位发起整改",
    "appraisal_basis": "汇集考核依据",
    "appraisal_result": "计算考核结果",
}
