"""What ``juzhen up`` runs: Prefect server, one worker and every deployment, on 127.0.0.1 only.

Nothing is restarted silently: a server or worker that ends by itself stops the stack with a
sentence, and the operator starts it again. Inherited ``PREFECT_*`` variables are dropped, because
one stray API address would send this office's cases to another server.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import IO

from flows.processes import STACK_VARIABLE, Child, kill_leftovers, start_child, stop_child
from flows.stack_guards import StackError, lock_home, refuse_taken_port
from flows.stack_settings import StackSettings, client_environment, server_environment

WORK_POOL = "juzhen"
PAUSE_S = 0.1
_LABELS = {"server": "服务", "worker": "执行进程", "command": "部署", "listener": "聊天回执"}


class StackStoppedError(StackError):
    """Somebody asked the stack to stop while it was still starting."""


class Stack:
    """The running processes of one stack; use it as a context manager so that none is left."""

    def __init__(self, settings: StackSettings, stop: Event | None = None) -> None:
        self.settings = settings
        self.stop_requested = stop or Event()
        self.stack_id = uuid.uuid4().hex
        self.children: dict[str, Child] = {}
        self._lock: IO[str] | None = None

    def __enter__(self) -> Stack:
        self._lock = lock_home(self.settings)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start_server(self) -> None:
        """Start the server and wait until it answers; refuse a port somebody else holds."""
        refuse_taken_port(self.settings.port)
        command = [
            *(sys.executable, "-m", "uvicorn", "--factory", "flows.ui_server:create_app"),
            *("--host", self.settings.host, "--port", str(self.settings.port)),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "5"),
        ]
        child = self._start("server", command, server_environment(self.settings))
        self._wait_until(child, _LABELS["server"], lambda: self._answers("health"))

    def deploy(self) -> None:
        """Register everything in the project's ``prefect.yaml``, with what belongs to it."""
        child = self._start("command", self.settings.deploy_command)

        def is_done() -> bool:
            self.refuse_ended(beside=child)  # without a worker there will be no pool to wait for
            return not child.is_alive

        self._wait_until(child, _LABELS["command"], is_done)
        del self.children["command"]

    def start_worker(self) -> None:
        """Start the worker that turns scheduled and submitted runs into processes.

        It makes the work pool itself when there is none; whoever deploys waits for the pool.
        """
        arguments = ("worker", "start", "--pool", WORK_POOL, "--type", "process")
        self._start("worker", (sys.executable, "-m", "prefect", "--no-prompt", *arguments))

    def start(self) -> None:
        """Bring everything up in order."""
        if not (self.settings.project / "prefect.yaml").is_file():
            raise StackError(f"{self.settings.project} 下没有 prefect.yaml，请在项目目录中运行。")
        self.start_server()
        self.start_worker()
        self.deploy()
        if self.settings.listens:
            self._start("listener", (sys.executable, "-m", "flows.command", "listen"))

    def refuse_ended(self, beside: Child | None = None) -> None:
        """Raise ``StackError`` when server or worker, anything but *beside*, has ended by itself."""
        for name, child in self.children.items():
            if child.is_alive or child is beside or name == "listener":
                continue
            raise StackError(
                f"{_LABELS[name]}意外退出（退出码 {child.process.returncode}），其余进程随即停止。"
                f"案件数据不受影响；请看日志 {child.log_path}，再运行 juzhen up。\n{child.log_tail()}"
            )

    def lost_listener(self) -> str:
        """Return, once, that the listener has ended by itself; empty while it runs.

        Buttons in the chat are a convenience: without them everything else goes on.
        """
        child = self.children.get("listener")
        if child is None or child.is_alive:
            return ""
        del self.children["listener"]
        return (
            f"{_LABELS['listener']}意外退出（退出码 {child.process.returncode}）：聊天中的「知悉」按钮不再有效，"
            f"请改用表单；其余照常。原因见 {child.log_path}，修好后可另行运行 juzhen listen。"
        )

    def stop(self) -> None:
        """Stop the worker, then the server, then whatever else belongs to this stack."""
        for name in ("listener", "worker", "command", "server"):
            if name in self.children:
                stop_child(self.children.pop(name), self.settings.stop_timeout_s)
        kill_leftovers(self.stack_id)
        if self._lock is not None:
            self._lock.close()

    def environment(self) -> dict[str, str]:
        """Return the complete environment of a child that is a client of this stack."""
        default = {"JUZHEN_UI_URL": self.settings.url}  # an office behind a proxy sets its own
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")
        }
        own = client_environment(self.settings) | {STACK_VARIABLE: self.stack_id}
        return default | inherited | own

    def _start(
        self, name: str, command: Sequence[str], extra: dict[str, str] | None = None
    ) -> Child:
        self.children[name] = start_child(
            name,
            command,
            environment=self.environment() | (extra or {}),
            working_folder=self.settings.project,
            log_path=self.settings.prefect_home / "logs" / f"{name}.log",
        )
        return self.children[name]

    def _answers(self, path: str) -> bool:
        import httpx

        user, _, password = self.settings.api_auth.partition(":")
        login = (user, password) if user else None
        try:
            # trust_env: a proxy named in the environment must not see loopback traffic.
            reply = httpx.get(
                f"{self.settings.url}/api/{path}", auth=login, timeout=2.0, trust_env=False
            )
        except httpx.TransportError:
            return False
        return reply.is_success

    def _wait_until(self, child: Child, label: str, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.settings.start_timeout_s
        while not is_done():
            if not child.is_alive and not is_done():
                raise _start_error(child, f"{label} 启动失败")
            if time.monotonic() > deadline:
                limit_s = self.settings.start_timeout_s
                raise _start_error(child, f"{label} {limit_s:.0f} 秒内没有就绪")
            if self.stop_requested.wait(PAUSE_S):
                raise StackStoppedError("启动过程中收到停止信号。")
        if child.process.returncode:
            raise _start_error(child, f"{label} 启动失败")


def run_stack(settings: StackSettings, stop: Event, say: Callable[[str], None]) -> None:
    """Run the stack until *stop* is set; ``juzhen up`` is this call inside ``stop_on_signals``.

    Args:
        settings: where and how.
        stop: set by the caller, for example from a signal handler.
        say: receives each Chinese line meant for the operator.

    Raises:
        StackError: the port or data folder is taken, a start step failed, or server or worker ended
            by itself. Every child has been stopped by then.
    """
    say("正在启动 Prefect 服务、执行进程和全部部署，首次约需 20 秒……")
    try:
        with Stack(settings, stop) as stack:
            stack.start()
            say(_welcome(settings))
            while not stop.wait(1.0):
                stack.refuse_ended()
                if lost := stack.lost_listener():
                    say(lost)
            say("正在停止……")
    except StackStoppedError as error:
        say(str(error))
    say("已全部停止。")


@contextmanager
def stop_on_signals() -> Generator[Event]:
    """Yield an event that Ctrl-C, SIGTERM and a closed terminal set; main thread only."""
    stop = Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def request_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    previous = {number: signal.signal(number, request_stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _welcome(settings: StackSettings) -> str:
    url = f"{settings.url}/v2"
    return "\n".join(
        (
            "矩阵已启动，只在本机可以访问："
            if settings.is_loopback
            else f"矩阵已启动，监听 {settings.host}，其他电脑凭登录可以访问（未加密，请在前面加 HTTPS 代理）：",
            f"  首页      {settings.url}/board",
            f"  办件表单  {url}/deployments",
            f"  运行记录  {url}/runs",
            f"  日志      {settings.prefect_home / 'logs'}",
            "下一步：打开“首页”，点要办的事项，填表后点 Submit 提交。按 Ctrl-C 停止。",
        )
    )


def _start_error(child: Child, sentence: str) -> StackError:
    return StackError(f"{sentence}，请看日志 {child.log_path}：\n{child.log_tail()}")
