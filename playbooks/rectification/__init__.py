"""Rectification (限期整改, Articles 30 and 31): one sponsor, a notice, its reply, the recheck."""
