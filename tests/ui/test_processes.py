"""Children start with working signals and end with their supervisor, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.processes import (
    STACK_VARIABLE,
    kill_child,
    kill_leftovers,
    processes_of,
    start_child,
    stop_child,
)

SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(600)"]


def started(tmp_path: Path, command: list[str] = SLEEP, stack_id: str = "none"):
    child = start_child(
        "sleeper",
        command,
        environment=os.environ | {STACK_VARIABLE: stack_id},
        working_folder=tmp_path,
        log_path=tmp_path / "sleeper.log",
    )
    for _ in range(200):
        if child.log_tail():
            break
        time.sleep(0.05)
    return child


def test_child_of_a_shell_without_job_control_still_hears_sigterm(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        show = (
            "import signal, time; print(signal.getsignal(2).__name__, flush=True); time.sleep(60)"
        )
        child = started(tmp_path, [sys.executable, "-c", show])
    finally:
        signal.signal(signal.SIGINT, before)
    assert child.log_tail() == "default_int_handler"
    assert os.getsid(child.process.pid) == child.process.pid
    assert stop_child(child, 10.0)
    assert child.process.returncode == -signal.SIGTERM


def test_deaf_child_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = started(tmp_path, [sys.executable, "-c", deaf])
    assert not stop_child(child, 0.3)
    assert child.process.returncode == -signal.SIGKILL


def test_log_tail_is_of_this_start_alone(tmp_path: Path) -> None:
    kill_child(started(tmp_path, [sys.executable, "-c", "print('first')"]))
    second = started(tmp_path, [sys.executable, "-c", "print('second')"])
    assert second.log_tail() == "second"
    second.process.wait(10)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    supervisor = (
        "import os, sys, time\nfrom pathlib import Path\nfrom flows.processes import start_child\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "start_child('child', [sys.executable, '-c', 'import time; time.sleep(600)'],\n"
        "    environment=os.environ, working_folder=folder, log_path=folder / 'child.log')\n"
        "print('ready', flush=True)\ntime.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", supervisor],
        env=os.environ | {STACK_VARIABLE: "killed-supervisor"},
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    assert len(processes_of("killed-supervisor")) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        if not processes_of("killed-supervisor"):
            break
        time.sleep(0.05)
    assert processes_of("killed-supervisor") == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found through /proc")
def test_leftovers_are_found_by_stack_and_no_one_elses_are_touched(tmp_path: Path) -> None:
    ours, other = started(tmp_path, stack_id="ours"), started(tmp_path, stack_id="other")
    assert processes_of("ours") == [ours.process.pid]
    assert kill_leftovers("ours") == [ours.process.pid]
    assert not ours.is_alive
    assert other.is_alive
    kill_child(other)
