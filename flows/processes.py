"""Start, watch and stop the long-lived child processes of ``juzhen up`` without leaving orphans.

A child gets default signal handlers (a shell without job control hands down SIGINT=ignore, and
Prefect turns SIGTERM into SIGINT, so such a worker would ignore SIGTERM for ever) and its own
session, so that Ctrl-C in the terminal reaches the supervisor alone and children stop in order.
Flow runs have sessions of their own and outlive a killed worker, therefore every process of one
stack carries the same stack id in its environment and is found by it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STACK_VARIABLE = "JUZHEN_STACK_ID"
PROCESS_TABLE = Path("/proc")
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT_BYTES = 20_000_000  # at the next start a longer log steps aside, replacing the one before


@dataclass(frozen=True)
class Child:
    """One started process.

    Attributes:
        name: what people call it in messages.
        process: the handle; its process id is also its process group.
        log_path: where its output goes.
        log_start_bytes: where its own output begins in that file.
    """

    name: str
    process: subprocess.Popen[bytes]
    log_path: Path
    log_start_bytes: int

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs; reaps it when it has ended."""
        return self.process.poll() is None

    def log_tail(self, line_count: int = 15) -> str:
        """Return the last lines this process wrote, for an error message."""
        with self.log_path.open("rb") as log:
            log.seek(self.log_start_bytes)
            text = log.read().decode("utf-8", errors="replace")
        return "\n".join(text.rstrip().splitlines()[-line_count:])


def start_child(
    name: str,
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    working_folder: Path,
    log_path: Path,
) -> Child:
    """Start *command* in its own session with its output appended to *log_path*."""
    log_path.parent.mkdir(parents=True, exist_ok=True)
    if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_BYTES:
        log_path.replace(log_path.with_suffix(".previous.log"))
    with log_path.open("ab") as log:
        log_start_bytes = log.tell()
        process = subprocess.Popen(  # noqa: S603 (the command is this project's own)
            command,
            cwd=working_folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_reset_signals,
        )
    return Child(name, process, log_path, log_start_bytes)


def stop_child(child: Child, timeout_s: float) -> bool:
    """Ask *child* to end with SIGTERM and kill its whole group after *timeout_s*.

    Returns:
        True when it ended by itself, False when it had to be killed.
    """
    if not child.is_alive:
        return True
    child.process.terminate()
    try:
        child.process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        kill_child(child)
        return False
    return True


def kill_child(child: Child) -> None:
    """Kill the process group of *child* with SIGKILL and reap it; nothing of it gets a last word."""
    if child.is_alive:
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def kill_leftovers(stack_id: str, timeout_s: float = 5.0) -> list[int]:
    """Kill every other process that carries *stack_id* and return the ids of those that were killed.

    Works where ``/proc`` exists (Linux); elsewhere there is nothing to read and the list is empty.
    """
    killed: set[int] = set()
    deadline = time.monotonic() + timeout_s
    while (found := processes_of(stack_id)) and time.monotonic() < deadline:
        for process_id in found:
            _kill(process_id)
        killed.update(found)
        time.sleep(0.05)
    return sorted(killed)


def processes_of(stack_id: str) -> list[int]:
    """Return the ids of all living processes but this one whose environment holds *stack_id*."""
    entry = f"{STACK_VARIABLE}={stack_id}".encode()
    found: list[int] = []
    for folder in PROCESS_TABLE.glob("[0-9]*"):
        try:
            entries = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # ended meanwhile, or another user's: not ours in either case
            continue
        if entry in entries and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def _kill(process_id: int) -> None:
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return


def _reset_signals() -> None:
    # Runs in the child between fork and exec: only calls that are safe there.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if _prctl is not None:
        # A supervisor that is killed outright cannot clean up; the kernel then ends its children.
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _load_prctl() -> Callable[..., int] | None:
    return ctypes.CDLL(None).prctl if sys.platform == "linux" else None


_prctl = _load_prctl()  # before any fork: loading a library between fork and exec is not safe
