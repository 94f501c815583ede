"""How one Prefect stack runs, and the environment that keeps it on this machine.

The database, keys, logs and the unpacked interface live under ``<home>/prefect``; installed files
are left alone.
"""

from __future__ import annotations

import os
import sys
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from flows.ui_server import ALLOWED_HOSTS_VARIABLE

HOST = "127.0.0.1"
LOOPBACK = frozenset({HOST, "localhost", "::1"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - named so that it can be refused
SHORTEST_PASSWORD = 12
PROJECT_FOLDER = Path(__file__).resolve().parent.parent
RUN_RETENTION_S = 365 * 24 * 3600  # a year of runs; cases and their ledger are kept elsewhere


@dataclass(frozen=True)
class StackSettings:
    """How one stack runs.

    Attributes:
        home: the data folder; Prefect's own files go to ``<home>/prefect``.
        port: the port of API and interface.
        host: the address to listen on; anything but loopback needs ``api_auth``.
        worker_poll_s: how often the worker asks for runs, seconds.
        project: the folder that holds ``prefect.yaml``.
        start_timeout_s: how long each start step may take, seconds.
        stop_timeout_s: how long one process may take to end before it is killed, seconds.
        api_auth: ``user:password`` asked by API and interface; one shared login, no operator
            identity. Empty means none.
        allowed_hosts: host names browsers may use, beside 127.0.0.1 and localhost, when a proxy
            stands in front.
        deploy_command: run in ``project`` once the server answers; registers its deployments.
        listens: whether presses in the team chat are listened for.
    """

    home: Path
    port: int = 4200
    host: str = HOST
    worker_poll_s: int = 2
    project: Path = PROJECT_FOLDER
    start_timeout_s: float = 300.0
    stop_timeout_s: float = 15.0
    api_auth: str = field(default="", repr=False)
    allowed_hosts: tuple[str, ...] = ()
    deploy_command: tuple[str, ...] = (sys.executable, "-m", "flows.deployments")
    listens: bool = False

    def __post_init__(self) -> None:
        """Refuse a login that Prefect would not understand."""
        user, _, password = self.api_auth.partition(":")
        if self.api_auth and not (user and password):
            raise ValueError("界面登录要写成“用户名：口令”，两边都不能为空。")
        if not self.is_loopback and len(password) < SHORTEST_PASSWORD:
            # Whoever reaches the API runs programs as this user: never open it without a login.
            raise ValueError(
                f"监听 {self.host} 会让其他电脑也能打开界面，必须先设置登录："
                f"JUZHEN_API_AUTH=用户名:口令（口令至少 {SHORTEST_PASSWORD} 位），再运行 juzhen up。"
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def prefect_home(self) -> Path:
        """Where Prefect keeps its database, logs and unpacked interface."""
        return self.home.resolve() / "prefect"

    @property
    def url(self) -> str:
        """The address of server and interface, without a final slash."""
        host = HOST if self.is_loopback or self.host in EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def client_environment(settings: StackSettings) -> dict[str, str]:
    """Return the variables that let a process talk to this stack and to no other server."""
    environment = {
        "PREFECT_HOME": str(settings.prefect_home),
        "PREFECT_API_URL": f"{settings.url}/api",
        "PREFECT_UI_URL": f"{settings.url}/v2",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": str(settings.worker_poll_s),
        "JUZHEN_HOME": str(settings.home.resolve()),
    }
    if settings.api_auth:
        environment["PREFECT_API_AUTH_STRING"] = settings.api_auth
    return environment


def server_environment(settings: StackSettings) -> dict[str, str]:
    """Return what the server needs beside ``client_environment``; the key file is made if absent."""
    environment = {
        "PREFECT_SERVER_API_HOST": settings.host,
        "PREFECT_SERVER_API_PORT": str(settings.port),
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.url,
        "PREFECT_SERVER_UI_API_URL": "/api",  # relative: the interface works behind any address
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(settings.prefect_home / "ui"),
        # Leases in memory leak for ever when server and worker are killed together.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": '["events", "flow_runs"]',
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUN_RETENTION_S),
        "PREFECT_SERVER_ENCRYPTION_KEY": _encryption_key(settings.prefect_home),
        ALLOWED_HOSTS_VARIABLE: ",".join(dict.fromkeys(_allowed_hosts(settings))),
    }
    if settings.api_auth:
        environment["PREFECT_SERVER_API_AUTH_STRING"] = settings.api_auth
    return environment


def _allowed_hosts(settings: StackSettings) -> tuple[str, ...]:
    own = () if settings.host in EVERYWHERE else (settings.host,)
    return (HOST, "localhost", *own, *settings.allowed_hosts)


def _encryption_key(prefect_home: Path) -> str:
    """Return the key of Prefect's secret blocks, made once, readable by this user alone.

    Without it Prefect keeps the key beside the secrets, in the same database.
    """
    path = prefect_home / "encryption.key"
    if not path.exists():
        prefect_home.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(urlsafe_b64encode(os.urandom(32)))  # the form of a Fernet key
    return path.read_text(encoding="ascii").strip()
