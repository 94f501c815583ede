"""Score candidates against a register: the whole of matching for one lot of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from playbooks.impersonation.matching import model, profile
from playbooks.impersonation.matching.comparing import Compared, Comparer
from playbooks.impersonation.matching.profile import Profile
from playbooks.impersonation.matching.protected import Register
from playbooks.impersonation.matching.reasons import reasons

SCORE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """One account found on a platform."""

    candidate_id: str
    name: str
    platform: str
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matcher says of one candidate; a person decides.

    Attributes:
        candidate_id: as given.
        score: probability that it imitates, from 0 to 1.
        official_id: the account it resembles most; empty when it resembles none.
        is_alert: the score is at or over the shipped threshold.
        reasons: in Chinese; only of an alert, or why there is none of a registered account.
    """

    candidate_id: str
    score: float
    official_id: str
    is_alert: bool
    reasons: tuple[str, ...] = ()


class Matcher:
    """Matches lots of candidates with one register."""

    def __init__(self, register: Register) -> None:
        """Build the keys of the register and load the shipped model."""
        self.register = register
        self._comparer = Comparer(register)
        self._model = model.load()
        self._ids = {
            (row.name.strip(), row.platform.strip()): row.official_id for row in register.officials
        }

    @property
    def threshold(self) -> float:
        """The score from which on a candidate is an alert."""
        return self._model.threshold

    def match(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        """Return one verdict per candidate, in their order."""
        best = self._best([candidate.name for candidate in candidates])
        return [self._verdict(row, best.get(at)) for at, row in enumerate(candidates)]

    def _best(self, names: Sequence[str]) -> dict[int, tuple[float, Compared]]:
        best: dict[int, tuple[float, Compared]] = {}
        compared = list(self._comparer.compare(names))
        if not compared:
            return best
        scores = self._model.scores([found.comparison.values for found in compared])
        for found, score in zip(compared, scores.tolist(), strict=True):
            known = best.get(found.candidate)
            if known is None or (score, -found.official) > (known[0], -known[1].official):
                best[found.candidate] = score, found
        return best

    def _verdict(self, candidate: Candidate, best: tuple[float, Compared] | None) -> Verdict:
        registered = self._ids.get((candidate.name.strip(), candidate.platform.strip()))
        if registered is not None:
            return Verdict(candidate.candidate_id, 0.0, registered, False, ("台账已登记",))
        if best is None:
            return Verdict(candidate.candidate_id, 0.0, "", False)
        score, found = best
        official = self.register.officials[found.official]
        score, moved = profile.adjusted(score, candidate.profile, official)
        score = round(score, SCORE_DIGITS)
        is_alert = score >= self.threshold
        why: Iterator[str] = iter(())
        if is_alert:
            why = iter([*reasons(candidate.name, official, found.comparison), *moved])
        return Verdict(candidate.candidate_id, score, official.official_id, is_alert, tuple(why))
