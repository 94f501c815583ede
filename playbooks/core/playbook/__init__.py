"""Playbooks as declarative YAML: the model, the strict loader and the linter."""

from playbooks.core.playbook.loader import PlaybookError, load_playbook, parse_playbook
from playbooks.core.playbook.model import Playbook, Step

__all__ = ["Playbook", "PlaybookError", "Step", "load_playbook", "parse_playbook"]
