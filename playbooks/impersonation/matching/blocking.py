"""Find the few officials worth comparing with each candidate: sets in SQL, keys in NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl

import sql
from playbooks.impersonation.matching.keys import keys_of
from playbooks.impersonation.matching.parsing import Parse
from playbooks.impersonation.matching.protected import Face, Register
from sql.instance import SESSION

OFFICIALS_PER_CANDIDATE = 20
STRICT_WEIGHT = 1.5  # above it are the whole name, the name but for one character, place and body
LOT = 20_000  # faces whose keys are computed at once; bounds memory
OFFICIALS_PER_KEY_MAX = 600  # 公安 is in every region's name and tells nothing


class Blocking:
    """Keys of a register, kept to compare many lots of candidates with.

    Args:
        register: the protected names.
        threads: of DuckDB; a pool of processes gives each one.
    """

    def __init__(self, register: Register, threads: int = 1) -> None:
        """Compute the keys of every face."""
        lots = [
            _of_officials(register.faces[start : start + LOT])
            for start in range(0, len(register.faces), LOT)
        ]
        self._protected = _telling(lots, len(register.officials))
        self._connection = duckdb.connect(config={"threads": threads})
        self._connection.execute(SESSION)

    def block(
        self, texts: Sequence[str], parses: Sequence[Parse], is_strict: Sequence[bool]
    ) -> pl.DataFrame:
        """Return ``candidate``, ``official``, ``weight``: at most 20 officials per candidate.

        Args:
            texts: names, folded.
            parses: of the names.
            is_strict: by name, whether it must share more than a pair of characters.
        """
        keys = keys_of(texts, parses)
        kept = ~np.array(is_strict, np.bool_)[keys.row] | (keys.weight >= STRICT_WEIGHT)
        candidates = pl.DataFrame(
            {"candidate": keys.row[kept], "key": keys.key[kept].view(np.int64)}
        ).unique()
        frames = {"candidate_key": candidates, "protected_key": self._protected}
        with sql.registered(self._connection, **frames) as connection:
            return sql.query(connection, "matching/block_candidates", limit=OFFICIALS_PER_CANDIDATE)


def _of_officials(faces: Sequence[Face]) -> pl.DataFrame:
    """Return ``key``, ``official``, ``weight`` of some faces, each pair once."""
    keys = keys_of([face.text for face in faces], [face.parse for face in faces])
    officials = np.array([face.official for face in faces], np.int32)
    frame = pl.DataFrame(
        {"key": keys.key.view(np.int64), "official": officials[keys.row], "weight": keys.weight}
    )
    return frame.group_by("key", "official").agg(pl.col("weight").max())


def _telling(lots: Sequence[pl.DataFrame], official_count: int) -> pl.DataFrame:
    """Keep keys that few officials share, each weighted by how few."""
    frame = pl.concat(lots).with_columns(pl.len().over("key").alias("official_count"))
    # A key of one official counts six times a key that every official has.
    many = float(np.log(max(official_count, 2)))
    rarity = 0.2 + 1 - pl.col("official_count").log() / many
    return frame.filter(pl.col("official_count") <= OFFICIALS_PER_KEY_MAX).select(
        "key", "official", (pl.col("weight") * rarity).cast(pl.Float32)
    )
