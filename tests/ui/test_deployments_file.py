"""``prefect.yaml`` keeps the rules written at its head, without a server."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENT = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
DEPLOYMENTS = DOCUMENT["deployments"]
CHINESE = re.compile(r"[\u4e00-\u9fff]")

each = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda item: item["entrypoint"])


@each
def test_entrypoint_is_a_flow_of_the_same_chinese_name(deployment: dict) -> None:
    from prefect import Flow

    module, name = deployment["entrypoint"].rsplit(".", 1)
    found = getattr(import_module(module), name)
    assert isinstance(found, Flow)
    assert found.name == deployment["name"]
    assert CHINESE.search(deployment["name"])
    assert CHINESE.search(deployment["description"])


@each
def test_schedules_are_in_local_time_and_keep_their_identity(deployment: dict) -> None:
    for schedule in deployment.get("schedules", []):
        assert schedule["timezone"] == "Asia/Shanghai"
        assert schedule["slug"]
        assert len(schedule["cron"].split()) == 5


@each
def test_a_scheduled_flow_needs_no_answer(deployment: dict) -> None:
    if not deployment.get("schedules"):
        return
    module, name = deployment["entrypoint"].rsplit(".", 1)
    assert getattr(import_module(module), name).parameters.required == []


@each
def test_nothing_leaks_slots_or_pins_a_folder(deployment: dict) -> None:
    assert deployment["work_pool"] == {"name": "juzhen"}
    assert "concurrency_limit" not in deployment
    assert "pull" not in deployment


def test_no_pull_step_for_all_of_them() -> None:
    assert "pull" not in DOCUMENT
    assert DEPLOYMENTS
