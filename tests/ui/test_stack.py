"""The stack on a real server: schedules, being killed, being refused, leaving nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from driver import Api, LiveStack, wait_for, warm_home

from flows.processes import PROCESS_TABLE
from flows.stack import Stack, run_stack
from flows.stack_guards import StackError
from flows.stack_settings import StackSettings, server_environment

SUPERVISOR = """
import sys
from pathlib import Path
from flows.stack import run_stack, stop_on_signals
from flows.stack_settings import StackSettings
home, project, port = sys.argv[1:]
settings = StackSettings(
    Path(home), port=int(port), worker_poll_s=1, project=Path(project),
)
with stop_on_signals() as stop:
    run_stack(settings, stop, lambda line: print(line, flush=True))
"""


def test_a_cron_becomes_scheduled_runs(live: LiveStack) -> None:
    """A SQLAlchemy that is too new leaves the server looking healthy and plans nothing."""
    deployment = live.deployment("定时任务/定时任务")
    wanted = {
        "deployments": {"id": {"any_": [deployment["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    runs = wait_for(lambda: live.post("flow_runs/filter", wanted), "a scheduled run", 60)
    planned = datetime.fromisoformat(runs[0]["expected_start_time"])
    assert (planned.hour, planned.minute) == (18, 30), "02:30 in Asia/Shanghai is 18:30 UTC"
    assert runs[0]["auto_scheduled"]


def test_files_of_the_stack_are_private_and_under_its_home(live: LiveStack) -> None:
    home = live.settings.prefect_home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "encryption.key").stat().st_mode) == 0o600
    assert (home / "prefect.db").is_file()
    assert (home / "ui" / "v2" / "index.html").is_file()


def test_settings_reach_the_server(live: LiveStack) -> None:
    server = live.get("admin/settings")["server"]
    assert server["analytics_enabled"] is False
    assert server["ui"]["show_promotional_content"] is False
    assert server["concurrency"]["lease_storage"].endswith(".filesystem")
    assert set(server["services"]["db_vacuum"]["enabled"]) == {"events", "flow_runs"}


def test_a_stray_api_address_is_dropped(live: LiveStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://api.elsewhere.example/api")
    monkeypatch.setenv("PREFECT_PROFILE", "cloud")
    environment = live.stack.environment()
    assert environment["PREFECT_API_URL"] == f"{live.settings.url}/api"
    assert "PREFECT_PROFILE" not in environment


def test_interface_is_sealed_for_other_sites(live: LiveStack) -> None:
    url = live.url
    with httpx.Client(trust_env=False, timeout=20) as stranger:
        for path in ("/v2/", "/", "/docs", "/api/health"):
            policy = stranger.get(url + path).headers["content-security-policy"]
            assert "default-src 'self'" in policy
        rebound = stranger.get(f"{url}/api/health", headers={"Host": "attacker.example"})
        assert rebound.status_code == 400
        forged = stranger.post(f"{url}/api/deployments/filter", json={})
        assert forged.status_code == 403
        asked = stranger.get(f"{url}/api/health", headers={"Origin": "http://attacker.example"})
        assert "access-control-allow-origin" not in asked.headers


def test_taken_home_and_taken_port_are_refused(live: LiveStack, tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(StackError, match=f"进程号 {os.getpid()}"):
        run_stack(live.settings, live.stack.stop_requested, said.append)
    other = StackSettings(tmp_path, port=live.settings.port, project=live.settings.project)
    with pytest.raises(StackError, match=f"端口 {live.settings.port} 不能使用.*--port"):
        run_stack(other, live.stack.stop_requested, said.append)


def test_a_folder_without_deployments_is_refused(tmp_path: Path) -> None:
    settings = StackSettings(tmp_path / "home", project=tmp_path)
    with Stack(settings) as stack, pytest.raises(StackError, match=r"没有 prefect\.yaml"):
        stack.start()


@pytest.mark.parametrize("login", ["user", "user:", ":password"])
def test_a_login_without_both_halves_is_refused(tmp_path: Path, login: str) -> None:
    with pytest.raises(ValueError, match="用户名：口令"):
        StackSettings(tmp_path, api_auth=login)


@pytest.mark.parametrize("login", ["", "office:short"])
def test_opening_the_server_further_needs_a_real_login(tmp_path: Path, login: str) -> None:
    with pytest.raises(ValueError, match=r"0\.0\.0\.0 .*JUZHEN_API_AUTH"):
        StackSettings(tmp_path, host="0.0.0.0", api_auth=login)
    opened = StackSettings(tmp_path, host="0.0.0.0", api_auth="office:long-password")
    assert opened.url == "http://127.0.0.1:4200"
    environment = server_environment(opened)
    assert environment["JUZHEN_UI_ALLOWED_HOSTS"] == "127.0.0.1,localhost"


def test_a_killed_worker_is_reported_and_work_goes_on_after_a_restart(live: LiveStack) -> None:
    os.kill(live.stack.children["worker"].process.pid, signal.SIGKILL)
    live.stack.children["worker"].process.wait(10)
    with pytest.raises(StackError, match=r"执行进程意外退出.*-9"):
        live.stack.refuse_ended()
    submitted = live.submit("定时任务/定时任务", {})
    live.restart_worker()  # the operator's story kills the server as well
    assert live.wait_for_state(submitted) == "COMPLETED"


def test_ctrl_c_in_the_middle_of_a_run_leaves_no_process(
    live: LiveStack, tmp_path: Path, free_port: int
) -> None:
    home = warm_home(live, tmp_path)
    command = [sys.executable, "-c", SUPERVISOR, str(home), str(live.settings.project)]
    supervisor = subprocess.Popen(
        [*command, str(free_port)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert supervisor.stdout is not None
    said = iter(supervisor.stdout.readline, "")
    assert any("下一步" in line for line in said)
    with Api(f"http://127.0.0.1:{free_port}") as api:
        run_id = api.submit("长时间任务/长时间任务", {})
        api.wait_for_state(run_id, {"RUNNING"})
    assert len(living_in(home)) >= 3, "server, worker and the run"
    supervisor.send_signal(signal.SIGINT)
    output, _ = supervisor.communicate(timeout=60)
    assert supervisor.returncode == 0
    assert "已全部停止" in output
    assert living_in(home) == []


def living_in(home: Path) -> list[str]:
    """Return the command lines of processes that work on *home*, found by themselves alone."""
    mark = f"JUZHEN_HOME={home}".encode()
    found: list[str] = []
    for folder in PROCESS_TABLE.glob("[0-9]*"):
        try:
            entries = (folder / "environ").read_bytes().split(b"\0")
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if mark in entries:
            found.append(" ".join(words))
    return found


def test_a_listener_that_ends_is_told_once_and_stops_nothing(tmp_path):
    stack = Stack(StackSettings(tmp_path, project=tmp_path))
    child = stack._start("listener", (sys.executable, "-c", "raise SystemExit(3)"))
    child.process.wait(timeout=30)
    stack.refuse_ended()
    said = stack.lost_listener()
    assert "聊天回执意外退出（退出码 3）" in said
    assert "其余照常" in said
    assert stack.lost_listener() == ""


@pytest.mark.parametrize("listens", [True, False])
def test_presses_are_listened_for_only_where_that_is_set(tmp_path, monkeypatch, listens):
    (tmp_path / "prefect.yaml").touch()
    started: list[tuple[str, ...]] = []
    for part in ("start_server", "start_worker", "deploy"):
        monkeypatch.setattr(Stack, part, lambda _self: None)
    monkeypatch.setattr(Stack, "_start", lambda _self, _name, command: started.append(command))
    Stack(StackSettings(tmp_path, project=tmp_path, listens=listens)).start()
    assert started == ([(sys.executable, "-m", "flows.command", "listen")] if listens else [])
