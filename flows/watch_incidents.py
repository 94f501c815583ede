"""事件线索: look for leads to incidents, draw the board, tell the chat of what is new."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.lead_alarms import tell_leads
from flows.links import addresses
from flows.operations.incident_lead_board import LEADS, TITLE, lead_page
from flows.operations.incident_look import look
from flows.settings import read_settings


@flow(name="事件线索")
def watch_incidents() -> int:
    """Look once and return how many leads are new. Without Prefect: ``juzhen incident-leads --look``."""
    settings, moment = read_settings(), now()
    looked = look(settings, moment)
    page = lead_page(settings, addresses(settings), moment, looked.problem)
    publish_page(LEADS, page, TITLE)
    tell_leads(settings, moment)
    return looked.raised
