"""The deployments of one Prefect server: read once, and only what differs is written.

``prefect deploy --all`` makes a process load each flow by itself and writes every deployment anew, so
a start cost half a minute of two processors, and a schedule that an operator had switched off ran
again. Here one process compares first. Ids never change, so links in messages that were sent long
ago still open the right page.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from flows.forms import FORM_TITLE, Schema, with_choices

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.responses import DeploymentResponse

PAGE_SIZE = 200  # the API's own limit
POOL_PAUSE_S = 0.1
POOL_TIMEOUT_S = 120.0
WORKING_FOLDER_STEP = "prefect.deployments.steps.set_working_directory"


@dataclass(frozen=True)
class Schedule:
    """When a deployment runs by itself; the slug is its identity from one start to the next."""

    slug: str
    cron: str
    timezone: str


@dataclass(frozen=True)
class Wanted:
    """What a deployment is to be.

    Attributes:
        flow_id: of the flow it runs.
        name: the Chinese title in the list of deployments.
        description: Chinese markdown on the deployment's page.
        entrypoint: module path of the flow.
        pull_steps: where the worker runs it.
        work_pool: the pool of the worker that runs it.
        schema: the parameter schema; the choices of marked fields are filled in when it is put.
        tags: to filter the list by.
        parameters: values the operator does not see; the flow gets them too.
        schedules: when it runs by itself.
    """

    flow_id: UUID
    name: str
    description: str
    entrypoint: str | None
    pull_steps: Sequence[Mapping[str, object]]
    work_pool: str
    schema: Schema
    tags: Sequence[str] = ()
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    schedules: Sequence[Schedule] = ()


class Deployments:
    """The deployments of the server behind *client*, with the choices that its forms offer.

    Attributes:
        ids: name -> id, as far as the server has the deployment.
    """

    def __init__(
        self, client: SyncPrefectClient, choices: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Read what the server has."""
        self.client = client
        self.choices = choices or {}
        self._standing = {(found.flow_id, found.name): found for found in _all(client)}
        self.ids = {found.name: str(found.id) for found in self._standing.values()}

    def put(self, wanted: Wanted) -> str:
        """Make *wanted* true and return the deployment's id; nothing is written when it is true."""
        schema = self._filled(wanted.schema)
        standing = self._standing.pop((wanted.flow_id, wanted.name), None)
        if standing is not None and _is_true(standing, wanted, schema):
            return str(standing.id)
        self.ids[wanted.name] = written = str(
            self.client.create_deployment(
                flow_id=wanted.flow_id,
                name=wanted.name,
                description=wanted.description,
                entrypoint=wanted.entrypoint,
                pull_steps=[dict(step) for step in wanted.pull_steps],
                work_pool_name=wanted.work_pool,
                parameters=dict(wanted.parameters),
                parameter_openapi_schema=schema,
                enforce_parameter_schema=True,
                tags=list(wanted.tags),
                schedules=_schedules(wanted, standing),
            )
        )
        return written

    def fill_choices(self) -> int:
        """Fill every marked field of the forms that were not put; return how many changed."""
        from prefect.client.schemas.actions import DeploymentUpdate

        changed_count = 0
        for deployment in self._standing.values():
            schema = dict(deployment.parameter_openapi_schema or {})
            filled = self._filled(schema)
            if filled != schema:
                update = DeploymentUpdate(parameter_openapi_schema=filled)
                self.client.update_deployment(deployment.id, update)
                changed_count += 1
        return changed_count

    def _filled(self, schema: Schema) -> Schema:
        return _titled(with_choices(schema, self.choices))


def deploy_project(deployments: Deployments, project: Path) -> int:
    """Put every deployment of the ``prefect.yaml`` in *project*; return how many there are.

    The worker makes the pool; a start waits for it, so that both may start at once.

    Raises:
        ImportError: a flow cannot be imported.
        TimeoutError: no worker has made the pool.
    """
    entries = declared(project)
    _wait_for_pool(deployments.client, _pool(entries[0]))
    for entry in entries:
        deployments.put(_wanted(deployments.client, entry, project.resolve()))
    return len(entries)


def declared(project: Path) -> list[Mapping[str, object]]:
    """Return the deployments that the ``prefect.yaml`` in *project* declares."""
    import yaml

    text = (project / "prefect.yaml").read_text(encoding="utf-8")
    document = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    return cast("list[Mapping[str, object]]", document["deployments"])


def _wanted(client: SyncPrefectClient, entry: Mapping[str, object], folder: Path) -> Wanted:
    module, _, function = str(entry["entrypoint"]).rpartition(".")
    flow = getattr(import_module(module), function)
    return Wanted(
        flow_id=client.create_flow_from_name(flow.name),
        name=str(entry["name"]),
        description=str(entry.get("description") or flow.description or ""),
        entrypoint=str(entry["entrypoint"]),
        pull_steps=[{WORKING_FOLDER_STEP: {"directory": str(folder)}}],
        work_pool=_pool(entry),
        schema=cast("Schema", flow.parameters.model_dump()),
        tags=cast("list[str]", entry.get("tags", [])),
        schedules=[
            Schedule(given["slug"], given["cron"], given["timezone"])
            for given in cast("list[dict[str, str]]", entry.get("schedules", []))
        ],
    )


def _pool(entry: Mapping[str, object]) -> str:
    return str(cast("Mapping[str, object]", entry["work_pool"])["name"])


def _all(client: SyncPrefectClient) -> list[DeploymentResponse]:
    found: list[DeploymentResponse] = []
    while True:
        page = client.read_deployments(limit=PAGE_SIZE, offset=len(found))
        found += page
        if len(page) < PAGE_SIZE:
            return found


def _is_true(standing: DeploymentResponse, wanted: Wanted, schema: Schema) -> bool:
    has = (
        standing.description or "",
        standing.entrypoint,
        standing.pull_steps,
        standing.work_pool_name,
        standing.parameter_openapi_schema,
        standing.tags,
        standing.parameters,
        [
            (held.slug, getattr(held.schedule, "cron", ""), getattr(held.schedule, "timezone", ""))
            for held in standing.schedules
        ],
    )
    needs = (
        wanted.description,
        wanted.entrypoint,
        [dict(step) for step in wanted.pull_steps],
        wanted.work_pool,
        schema,
        list(wanted.tags),
        dict(wanted.parameters),
        [(one.slug, one.cron, one.timezone) for one in wanted.schedules],
    )
    return has == needs


def _schedules(
    wanted: Wanted, standing: DeploymentResponse | None
) -> list[DeploymentScheduleCreate]:
    """Return the schedules to write; one that somebody has switched off stays off."""
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule

    is_active = {held.slug: held.active for held in standing.schedules} if standing else {}
    return [
        DeploymentScheduleCreate(
            schedule=CronSchedule(cron=one.cron, timezone=one.timezone),
            slug=one.slug,
            active=is_active.get(one.slug, True),
        )
        for one in wanted.schedules
    ]


def _titled(schema: Schema) -> Schema:
    properties = cast("Schema", schema.get("properties", {}))
    if "form" not in properties:
        return schema
    form = cast("Schema", properties["form"]) | {"title": FORM_TITLE}
    return schema | {"properties": properties | {"form": form}}


def _wait_for_pool(client: SyncPrefectClient, name: str) -> None:
    from prefect.exceptions import ObjectNotFound

    deadline = time.monotonic() + POOL_TIMEOUT_S
    while True:
        try:
            client.read_work_pool(name)
        except ObjectNotFound:
            if time.monotonic() > deadline:
                raise TimeoutError(f"执行进程没有建立工作池 {name}，请看它的日志") from None
            time.sleep(POOL_PAUSE_S)
        else:
            return


def main() -> None:
    """Deploy the project in the working folder: ``python -m flows.deployments``."""
    from prefect.client.orchestration import get_client

    sys.path.insert(0, str(Path.cwd()))  # a project's own flows need no installation
    with get_client(sync_client=True) as client:
        deploy_project(Deployments(client), Path.cwd())


if __name__ == "__main__":
    main()
