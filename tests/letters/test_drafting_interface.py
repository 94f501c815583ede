"""A playbook's letters are found by its id: a new playbook is a folder, the engine stays as it is."""

import pytest

from playbooks.core.drafting import DraftingError, drafting_of
from playbooks.impersonation import drafting


def test_a_playbook_drafts_with_the_module_in_its_folder():
    assert drafting_of("impersonation") is drafting


@pytest.mark.parametrize("name", ["statistics", "core", "no_such", "os", "impersonation.facts", ""])
def test_no_other_module_can_be_named(name):
    with pytest.raises(DraftingError, match="没有起草函件的模块"):
        drafting_of(name)
