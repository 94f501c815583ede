"""The first frame that a process reads is filtered like every later one."""

from __future__ import annotations

import subprocess
import sys

QUESTION = """
import duckdb, polars, sql
connection = duckdb.connect()
with sql.registered(connection, person=polars.DataFrame({"name": ["a", "b"]})), sql._no_pandas():
    print(connection.execute("select count(*) from (select * from person where name = 'a') "
        "semi join (select name from person union all select name from person) using (name)"
    ).fetchone()[0])
"""


def test_the_first_frame_of_a_process_is_filtered():
    ran = subprocess.run(
        [sys.executable, "-c", QUESTION], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1\n"
