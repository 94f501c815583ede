"""Prefect Secret blocks, by name; nothing of what they hold or a server says about them is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flows.settings import SettingsError

if TYPE_CHECKING:
    from prefect.blocks.system import Secret


def load(name: str) -> object:
    """Return what the block *name* holds, or None when there is no such block.

    Raises:
        SettingsError: the server cannot be asked.
    """
    from httpx import HTTPError
    from prefect.blocks.system import Secret

    try:
        block = cast("Secret[str]", Secret.load(name))
    except ValueError:
        return None
    except (HTTPError, RuntimeError, OSError):
        # Not chained: what a server answers about a block of secrets is not for a log.
        raise SettingsError("Prefect 服务器取不到 Secret 块；请确认它在运行") from None
    return block.get()


def save(name: str, held: str) -> None:
    """Make the block *name* hold *held*, in place of what it holds.

    Raises:
        SettingsError: the server does not take it.
    """
    from httpx import HTTPError
    from prefect.blocks.system import Secret
    from pydantic import SecretStr

    try:
        # Not Secret[str]: a class with its type written out is a block type of its own to Prefect.
        block = cast("Secret[str]", Secret(value=SecretStr(held)))
        block.save(name, overwrite=True)
    except (HTTPError, ValueError, RuntimeError, OSError):
        raise SettingsError("Prefect 服务器没有存下 Secret 块；请确认它在运行") from None
