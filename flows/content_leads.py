"""内容线索: draw the board of leads to prohibited content (Article 15); a person decides on each."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.operations.content_leads import CONTENT_LEADS, TITLE, find_leads, leads_markdown
from flows.settings import read_settings


@flow(name="内容线索")
def content_leads() -> int:
    """Draw the board and return how many leads there are. Without Prefect: ``juzhen content-leads``."""
    settings, moment = read_settings(), now()
    leads = find_leads(settings, moment)
    publish_page(CONTENT_LEADS, leads_markdown(settings, leads, moment), TITLE)
    return len(leads)
