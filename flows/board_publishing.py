"""Boards in the Prefect UI: artifacts that are redrawn in place, so that an address stays good.

A board that is redrawn every minute leaves no history behind. The page shows when it was first made:
the text itself must say as of when it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

COMING = "正在生成，请稍候刷新。"
AT_ONCE = 100  # of the API's limit of 200 for one answer


def board_ids(client: SyncPrefectClient, titles: Mapping[str, str]) -> dict[str, str]:
    """Return key -> artifact id for every board of *titles*; one that is not there yet is made.

    The page of an id is ``/v2/artifacts/artifact/<id>``. The API's ``/artifacts/<key>/latest``
    answers with the id of the collection, which no page knows.
    """
    found: dict[str, str] = {}
    keys = list(titles)
    for start in range(0, len(keys), AT_ONCE):
        found |= _existing(client, keys[start : start + AT_ONCE])
    for key in keys:
        if key not in found:
            found[key] = _made(client, key, COMING, titles[key])
    return found


def draw_board(
    client: SyncPrefectClient, key: str, artifact_id: str, markdown: str, title: str
) -> str:
    """Put *markdown* on a board and return its id, another one if the clean-up had taken it away."""
    from prefect.client.schemas.actions import ArtifactUpdate
    from prefect.exceptions import ObjectNotFound

    try:
        update = ArtifactUpdate(data=markdown, description=title)
        client.update_artifact(UUID(artifact_id), update)
    except ObjectNotFound:
        return _made(client, key, markdown, title)
    return artifact_id


def publish_board(client: SyncPrefectClient, key: str, markdown: str, title: str) -> str:
    """Put *markdown* on the board *key*, made if it is new, and return its id."""
    (artifact_id,) = board_ids(client, {key: title}).values()
    return draw_board(client, key, artifact_id, markdown, title)


def _existing(client: SyncPrefectClient, keys: Sequence[str]) -> dict[str, str]:
    from prefect.client.schemas.filters import ArtifactCollectionFilter, ArtifactCollectionFilterKey

    wanted = ArtifactCollectionFilter(key=ArtifactCollectionFilterKey(any_=list(keys)))
    boards = client.read_latest_artifacts(artifact_filter=wanted)
    return {str(board.key): str(board.latest_id) for board in boards}


def _made(client: SyncPrefectClient, key: str, markdown: str, title: str) -> str:
    from prefect.client.schemas.actions import ArtifactCreate

    made = ArtifactCreate(key=key, type="markdown", data=markdown, description=title)
    return str(client.create_artifact(made).id)
