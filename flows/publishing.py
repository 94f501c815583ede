"""Forms that stand beside the plain deployments: one for each playbook and each of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flows.deployments import Deployments, Wanted
from flows.forms import Schema


@dataclass(frozen=True)
class PublishedForm:
    """One form as a deployment of its own.

    Attributes:
        name: the Chinese title in the list of deployments.
        description: Chinese markdown on the deployment's page.
        schema: the parameter schema, its choices marked.
        tags: to filter the list by.
        hidden: parameters the operator does not see, such as the step's id; the flow gets them too.
    """

    name: str
    description: str
    schema: Schema
    tags: Sequence[str] = ("办件",)
    hidden: Mapping[str, object] = field(default_factory=dict[str, object])


def publish_forms(deployments: Deployments, like: str, forms: Sequence[PublishedForm]) -> list[str]:
    """Make or update the deployments *forms* of the flow behind *like* and return their ids.

    Args:
        deployments: of an open server.
        like: ``flow/deployment`` from ``prefect.yaml`` whose code, pool and folder are used.
        forms: what to publish.

    Raises:
        prefect.exceptions.ObjectNotFound: *like* has not been deployed.
    """
    base = deployments.client.read_deployment_by_name(like)
    return [
        deployments.put(
            Wanted(
                flow_id=base.flow_id,
                name=form.name,
                description=form.description,
                entrypoint=base.entrypoint,
                pull_steps=base.pull_steps or [],
                work_pool=str(base.work_pool_name),
                schema=form.schema,
                tags=form.tags,
                parameters=form.hidden,
            )
        )
        for form in forms
    ]
