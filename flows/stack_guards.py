"""Refuse to start a second Prefect stack on one port or one data folder, and say who is there."""

from __future__ import annotations

import fcntl
import os
import socket
from typing import IO

from flows.stack_settings import HOST, StackSettings


class StackError(RuntimeError):
    """The stack could not start or did not keep running; the message tells the operator why."""


def refuse_taken_port(port: int) -> None:
    """Raise ``StackError`` when *port* cannot be bound on 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StackError(
                f"端口 {port} 不能使用（{error.strerror}）。"
                f"请先停止占用它的程序，或换一个端口：juzhen up --port {port + 1}"
            ) from error


def lock_home(settings: StackSettings) -> IO[str]:
    """Hold ``<home>/prefect/stack.lock`` open and locked; two servers must not share a database.

    The lock is the operating system's: closing the returned file, or dying, gives it back.

    Raises:
        StackError: another process holds it; the sentence has its process id.
    """
    settings.prefect_home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.prefect_home / "stack.lock"
    lock = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "未知"
        lock.close()
        raise StackError(
            f"数据目录 {settings.home} 已由另一个 juzhen up 使用（进程号 {holder}）。"
            "请用它打开的界面，或先停止它。"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
