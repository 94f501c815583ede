"""An office that has one account of every source, and the fake platforms that answer it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import yaml

from connectors.simulation.platforms import Platforms
from flows.settings import Settings, read_settings
from sql.catalogs import write
from tests.support.office_source import TEXT

ACCOUNTS = {
    "weibo_api": "A0002",
    "douyin_api": "A0003",
    "bilibili_api": "A0042",
    "kuaishou_api": "A0010",
}
OFFICE = "yunshan_app_api"
WECHAT, WECHAT_ACCOUNT = "wechat_api", "A0001"


def add_bilibili(platforms: Platforms) -> None:
    """Give the sample district an account of the platform that it has none of."""
    server = platforms.others["bilibili_api"]
    like = next(iter(platforms.others["kuaishou_api"].accounts.values()))
    server.accounts["A0042"] = replace(like, account_id="A0042", platform="bilibili")


def prepare(registered: Path, home: Path, platforms: Platforms) -> Path:
    """Make *home* a copy of *registered* where every source has an account, and return it."""
    shutil.copytree(registered, home)
    settings = read_settings({"JUZHEN_HOME": str(home)})
    for account_id, platform in (("A0041", "own_app"), ("A0042", "bilibili")):
        with write(settings.ops) as connection:
            connection.execute(
                "insert into account by name select * replace (? as account_id, ? as platform)"
                " from account where account_id = 'A0010'",
                [account_id, platform],
            )
    (home / "sources").mkdir()
    text = TEXT.replace("http://127.0.0.1:8080", platforms.office.base_url)
    (home / "sources" / "own_app.yml").write_text(text, encoding="utf-8")
    return home


def variables(home: Path, platforms: Platforms, *, has_wechat: bool = False) -> dict[str, str]:
    """Write the credentials of one account a source and return the variables of the office."""
    given = platforms.credentials()
    wanted = {**ACCOUNTS, **({WECHAT: WECHAT_ACCOUNT} if has_wechat else {})}
    chosen = {source: {one: given[source][one]} for source, one in wanted.items()}
    path = home / "credentials.yml"
    path.write_text(yaml.safe_dump(chosen), encoding="utf-8")
    path.chmod(0o600)
    addresses = {f"JUZHEN_{name.upper()}": url for name, url in platforms.addresses.items()}
    return {"JUZHEN_HOME": str(home), "JUZHEN_CREDENTIALS": str(path), **addresses}


def read(home: Path, platforms: Platforms) -> Settings:
    """Return the settings of that office."""
    return read_settings(variables(home, platforms))
