"""Subcommands for servers: the Prefect stack, the publishing of forms, the fake platforms, the demo."""

from __future__ import annotations

import argparse
import json
import os
import sys
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flows import clock
from flows.command.arguments import Subparsers, add_command
from flows.command.output import CommandError, Output
from flows.settings import Settings, read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "up", "启动 Prefect 服务、执行进程与全部部署，Ctrl-C 停止", up)
    parser.add_argument("--port", type=int, default=4200)
    parser.add_argument(
        "--host", default="127.0.0.1", help="监听地址；不是本机地址时必须设置 JUZHEN_API_AUTH"
    )
    add_command(
        subparsers, "listen", "接收 Slack 中的「知悉」按钮和 /juzhen 立案表单，Ctrl-C 停止", listen
    )
    parser = add_command(subparsers, "publish", "把预案与台账中的选项发布到表单，重画看板", publish)
    parser.add_argument(
        "--deploy", type=Path, metavar="文件夹", help="先部署该文件夹中 prefect.yaml 的全部流程"
    )
    parser = add_command(
        subparsers, "simulate", "在本机启动仿真平台与仿真聊天，Ctrl-C 停止", simulate
    )
    parser.add_argument("--now", default="", help="仿真平台的时刻，如 2026-11-20T09:00+08:00")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="数据源:故障[:接口]",
        help="可多次，如 weibo_api:quota、wechat_api:delay:getbizsummary；写错会列出全部",
    )
    parser = add_command(subparsers, "demo", "用示例矩阵走完全过程", demo)
    parser.add_argument("--out", type=Path, default=Path("out"))


def up(given: argparse.Namespace, output: Output) -> int:
    """Run the stack until Ctrl-C."""
    from flows.stack import run_stack, stop_on_signals
    from flows.stack_guards import StackError
    from flows.stack_settings import StackSettings

    settings = read_settings()
    settings.inbox.mkdir(parents=True, exist_ok=True)
    # The stack's children run elsewhere; they must find the same data folder.
    os.environ["JUZHEN_HOME"] = str(settings.home)
    try:
        stack_settings = StackSettings(
            home=settings.home,
            port=given.port,
            host=given.host,
            allowed_hosts=_hosts(settings.ui_url),
            api_auth=os.environ.get("JUZHEN_API_AUTH", ""),
            deploy_command=(sys.executable, "-m", "flows.command", "publish", "--deploy", "."),
            listens=bool(settings.variables.get("JUZHEN_SLACK_APP_TOKEN")),
        )
    except ValueError as error:
        raise CommandError(str(error)) from error
    with stop_on_signals() as stop:
        try:
            run_stack(stack_settings, stop, output.say)
        except StackError as error:
            output.fail(str(error))
            return 1
    return 0


def _hosts(ui_url: str) -> tuple[str, ...]:
    """Return the host that operators use when a proxy stands in front of this machine."""
    host = urlsplit(ui_url).hostname
    return (host,) if host and host not in ("127.0.0.1", "localhost") else ()


def listen(given: argparse.Namespace, output: Output) -> int:
    """Record presses in the team chat until Ctrl-C."""
    from flows import listening
    from flows.stack import stop_on_signals

    with stop_on_signals() as stop:
        listening.listen(read_settings(), stop, output.say)
    return 0


def publish(given: argparse.Namespace, output: Output) -> int:
    """Publish forms and choices to the running server."""
    settings = read_settings()
    for name, value in _client_environment(settings).items():
        os.environ.setdefault(name, value)
    import httpx
    from prefect.exceptions import ObjectNotFound
    from pydantic import ValidationError

    from flows.artifacts import publish_boards
    from flows.publish_forms import publish_all

    address = os.environ["PREFECT_API_URL"]
    try:
        count = publish_all(settings, given.deploy)
        publish_boards(settings, clock.now())
    except (httpx.TransportError, ObjectNotFound) as error:
        raise CommandError(_nobody(address)) from error
    except httpx.HTTPStatusError as error:
        raise CommandError(_refused(address, error.response.status_code)) from error
    except (ImportError, TimeoutError) as error:
        raise CommandError(f"部署失败：{error}") from error
    except (json.JSONDecodeError, ValidationError) as error:
        # The client says so of an answer that is not Prefect's: another program has the port.
        raise CommandError(f"{address} 的应答不是 Prefect 的；请核对 JUZHEN_UI_URL") from error
    output.say(f"已发布 {count} 个表单，看板已重画")
    output.result({"forms": count})
    return 0


def _client_environment(settings: Settings) -> dict[str, str]:
    """Return what a client outside the stack needs; inside, the stack has set all of it already."""
    environment = {
        "PREFECT_API_URL": f"{settings.ui_url.rstrip('/')}/api",
        # Otherwise a client that reaches nobody starts a server of its own, and publishes to it.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_HOME": str(settings.home / "prefect"),
    }
    api_auth = os.environ.get("JUZHEN_API_AUTH", "")
    return {**environment, "PREFECT_API_AUTH_STRING": api_auth} if api_auth else environment


def _nobody(address: str) -> str:
    return f"{address} 没有可发布的服务；请先运行 juzhen up"


def _refused(address: str, http_status: int) -> str:
    if http_status == HTTPStatus.NOT_FOUND:
        return _nobody(address)
    if http_status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"{address} 要求登录；请设置 JUZHEN_API_AUTH，与 juzhen up 时相同"
    return f"{address} 返回 HTTP {http_status}，没有发布；请查看 juzhen up 的输出"


def simulate(given: argparse.Namespace, output: Output) -> int:
    """Serve the fake platform and the fake chat until Ctrl-C."""
    from flows.demo.simulation import serve

    return serve(given.now, given.fault, output.say)


def demo(given: argparse.Namespace, output: Output) -> int:
    """Tell the whole story on the sample matrix."""
    from flows.demo.story import run

    code = run(given.out, output.say)
    output.result({"out": str(given.out), "complete": code == 0})
    return code
