"""Development set, training and evaluation of the matcher (``playbooks.impersonation.matching``)."""
