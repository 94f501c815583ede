"""A catalog that is no file of this machine: an attached PostgreSQL, or a DuckLake kept by one.

The extension binaries come from packages, so that a closed network needs no download.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import duckdb


def attach_statements(name: str, location: str, data_path: str) -> list[str]:
    """Return the statements that make the catalog at *location* the default one, as *name*.

    Raises:
        RuntimeError: the package with the extension's binary is not installed.
    """
    quoted = location.replace("'", "''")
    if location.startswith("postgres:"):
        extensions = ["postgres_scanner"]
        attach = f"attach '{quoted.removeprefix('postgres:')}' as {name} (type postgres)"
    else:
        extensions = ["postgres_scanner", "ducklake"]
        quoted_path = data_path.replace("'", "''")
        attach = f"attach '{quoted}' as {name} (data_path '{quoted_path}')"
    return [*(_load(extension) for extension in extensions), attach, f"use {name}"]


def lock(connection: duckdb.DuckDBPyConnection, name: str, wait_limit_s: float) -> bool:
    """Wait for the one lock that every writer of a PostgreSQL takes first; false when in vain.

    It gives the ledger a single writer, as the file's lock does in embedded mode. PostgreSQL takes
    the transaction's snapshot at the first query after this statement, so nothing read is stale, and
    frees the lock when the transaction or its process ends. Reading goes on meanwhile.
    """
    timeout = f"set local lock_timeout = {max(1, round(wait_limit_s * 1000))}"
    take = "lock table migration in share row exclusive mode"
    try:
        for statement in (timeout, take):
            connection.execute(f"call postgres_execute('{name}', '{statement}')")
    except duckdb.Error as error:
        if "lock timeout" not in str(error):
            raise
        return False
    return True


def holder(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return who has the writers' lock, as DuckDB names the holder of a file; empty when nobody."""
    question = (
        "select 'PID ' || l.pid || coalesce(' on ' || host(a.client_addr), '') from pg_locks l "
        "join pg_stat_activity a using (pid) where l.granted and l.mode = 'ShareRowExclusiveLock' "
        "and l.relation = 'migration'::regclass"
    ).replace("'", "''")
    asked = f"from postgres_query('{name}', '{question}')"
    found = connection.execute(asked).fetchall()
    return str(found[0][0]) if found else ""


def without_secrets(text: str) -> str:
    """Return *text* with the passwords of connection strings and addresses blotted out."""
    text = re.sub(r"(?i)\bpassword\s*=\s*('[^']*'|\S+)", "password=***", text)
    return re.sub(r"(://[^:/@\s]+):[^@\s]+@", r"\1:***@", text)


def _load(extension: str) -> str:
    package = f"duckdb_extension_{extension}"
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package {package.replace('_', '-')} is not installed")
    folder = Path(next(iter(spec.submodule_search_locations)))
    binary = str(next(folder.rglob(f"{extension}.duckdb_extension"))).replace("'", "''")
    return f"load '{binary}'"
