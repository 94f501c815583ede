"""What operators see in the Prefect UI beside the plain deployments: step forms and choices.

``prefect deploy`` knows the flow's signature alone. After every deploy, and after every import of
the register, ``publish_choices`` fills the marked fields of all forms and ``publish_form`` makes or
updates the deployment of one playbook step. All of it is idempotent and ids never change, so links in
messages that were sent long ago still open the right page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flows.forms import FORM_TITLE, Schema, with_choices

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse


@dataclass(frozen=True)
class PublishedForm:
    """One form as a deployment of its own.

    Attributes:
        name: the Chinese title in the list of deployments.
        description: Chinese markdown on the deployment's page.
        schema: the parameter schema, choices included.
        tags: to filter the list by.
        hidden: parameters the operator does not see, such as the step's id; the flow gets them too.
    """

    name: str
    description: str
    schema: Schema
    tags: Sequence[str] = ("办件",)
    hidden: Mapping[str, object] = field(default_factory=dict[str, object])


def publish_form(client: SyncPrefectClient, like: str, form: PublishedForm) -> str:
    """Make or update the deployment *form* of the flow behind *like* and return its id.

    Args:
        client: an open client of the server.
        like: ``flow/deployment`` from ``prefect.yaml`` whose code, pool and folder are used.
        form: what to publish.

    Raises:
        prefect.exceptions.ObjectNotFound: *like* has not been deployed.
    """
    base = client.read_deployment_by_name(like)
    deployment_id = client.create_deployment(
        flow_id=base.flow_id,
        name=form.name,
        description=form.description,
        entrypoint=base.entrypoint,
        pull_steps=base.pull_steps,
        work_pool_name=base.work_pool_name,
        work_queue_name=base.work_queue_name,
        job_variables=base.job_variables,
        parameters=dict(form.hidden),
        parameter_openapi_schema=form.schema,
        enforce_parameter_schema=True,
        tags=list(form.tags),
    )
    return str(deployment_id)


def publish_choices(client: SyncPrefectClient, choices: Mapping[str, Sequence[str]]) -> int:
    """Fill every marked field of every deployed form with *choices*; return how many forms changed."""
    from prefect.client.schemas.actions import DeploymentUpdate

    changed_count = 0
    for deployment in _all_deployments(client):
        schema = dict(deployment.parameter_openapi_schema or {})
        filled = _titled(with_choices(schema, choices))
        if filled != schema:
            update = DeploymentUpdate(parameter_openapi_schema=filled)
            client.update_deployment(deployment.id, update)
            changed_count += 1
    return changed_count


def _all_deployments(client: SyncPrefectClient) -> list[DeploymentResponse]:
    page_size = 200  # the API's own limit
    found: list[DeploymentResponse] = []
    while True:
        page = client.read_deployments(limit=page_size, offset=len(found))
        found += page
        if len(page) < page_size:
            return found


def _titled(schema: Schema) -> Schema:
    properties = cast("Schema", schema.get("properties", {}))
    if "form" not in properties:
        return schema
    form = cast("Schema", properties["form"]) | {"title": FORM_TITLE}
    return schema | {"properties": properties | {"form": form}}
