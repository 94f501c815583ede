"""Make ``casework``, which the tests of cases share with those on PostgreSQL, importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
