"""A private PostgreSQL for the whole run: own folder, own socket, no network, no root, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from sql.catalogs import Catalog

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing of this outlives the run
    "shared_buffers": "32MB",
    "max_connections": "60",
}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.postgresql)


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl: Debian keeps them off the path, one folder a version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def server():
    """Start a cluster and yield the folder of its socket."""
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (initdb not found); apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="juzhen-pg-"))
    user = _unprivileged()
    if user:
        shutil.chown(home, *user)
    try:
        _run(
            user, folder / "initdb", "-D", home / "data", "-A", "trust", "-U", "juzhen", "--no-sync"
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories='{home}'"
        _run(
            user,
            folder / "pg_ctl",
            "-D",
            home / "data",
            "-w",
            "-l",
            home / "log",
            "-o",
            options,
            "start",
        )
        yield home
    finally:
        if (home / "data" / "postmaster.pid").exists():
            _run(user, folder / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged() -> tuple[int, int] | None:
    """Return whom to become: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _run(user, *arguments) -> None:
    identity = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    subprocess.run(
        [str(argument) for argument in arguments],
        check=True,
        timeout=60,
        cwd="/",
        stdout=subprocess.DEVNULL,
        **identity,
    )


@pytest.fixture
def address(server):
    """Return the connection string of a new database."""
    name = f"t{next(NUMBERS)}"
    _run(None, binaries() / "createdb", "-h", server, "-U", "juzhen", name)
    return f"host={server} user=juzhen dbname={name}"


NUMBERS = itertools.count(1)


@pytest.fixture
def catalog(address):
    return Catalog("ops", f"postgres:{address}")
