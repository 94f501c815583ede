"""What else is known of a candidate: handle, bio, avatar and certified subject move the score.

None of them alerts alone: a hash match says «same template», a badge can be had by anybody who
registers a company, and impostors wear both.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel, JaroWinkler

from playbooks.impersonation.matching import vocabulary
from playbooks.impersonation.matching.fold import fold
from playbooks.impersonation.matching.gazetteer import OTHER, relation
from playbooks.impersonation.matching.parsing import parse
from playbooks.impersonation.matching.protected import Official

HANDLE_ALIKE = 0.88
SCORE_BOUND = 0.999
AVATAR_SAME_BITS, AVATAR_CLOSE_BITS = 6, 10
# Log odds, set by judgement and not learnt: no labelled profiles exist (README, «weak»).
HANDLE_WEIGHT, BIO_WEIGHT, BIO_DENIAL_WEIGHT = 1.2, 0.8, -1.5
AVATAR_WEIGHT, AVATAR_CLOSE_WEIGHT = 1.5, 0.7
SUBJECT_SAME_WEIGHT, SUBJECT_OTHER_BODY_WEIGHT, SUBJECT_COMPANY_WEIGHT = -8.0, -3.0, 0.8

_LEET = str.maketrans("013457@$", "oleastas")
_DENIAL = re.compile(r"非官方|个人账?号|自媒体|与(?:任何)?(?:官方|政府|单位)无关|粉丝|民间")
_CLAIM = re.compile(r"官方|唯一|权威|主办|官微|政府|指定|认证")
_COMPANY = re.compile(r"公司|工作室|商行|个体|经营部|中心\(有限合伙\)|商店|传媒|科技有限")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a candidate shows besides its name; empty where unknown.

    ``avatar`` is a 64-bit perceptual hash (pHash) in 16 hexadecimal digits.
    """

    handle: str = ""
    bio: str = ""
    avatar: str = ""
    certified_subject: str = ""


UNKNOWN = Profile()


def adjusted(
    score: float, profile: Profile, official: Official, sharers: int = 1
) -> tuple[float, list[str]]:
    """Return the score with the profile weighed in, and the reasons that moved it.

    Args:
        score: from the name alone.
        profile: of the candidate.
        official: whom it resembles.
        sharers: officials whose avatar is as close to the official's.
    """
    moves = [
        *_handle(profile, official),
        *_bio(profile, official),
        *_avatar(profile, official, sharers),
        *_subject(profile, official),
    ]
    if not moves or score <= 0:
        return score, []
    # Bounded, so that no name is so like that the right badge could not clear it.
    bounded = min(max(score, 1 - SCORE_BOUND), SCORE_BOUND)
    odds = math.log(bounded / (1 - bounded)) + sum(weight for weight, _ in moves)
    return 1 / (1 + math.exp(-odds)), [reason for _, reason in moves]


def handle_likeness(one: str, other: str) -> float:
    """Return how alike two handles are, once as written and once with digits read as letters."""
    plain, same = fold(one).text, fold(other).text
    if not plain or not same:
        return 0.0
    leet = JaroWinkler.similarity(plain.translate(_LEET), same.translate(_LEET))
    inside = 0.9 if len(same) > 4 and same in plain else 0.0
    return max(Indel.normalized_similarity(plain, same), leet, inside)


def avatar_distance(one: str, other: str) -> int | None:
    """Return in how many of 64 bits two hashes differ; ``None`` where one is no hash."""
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count() if one and other else None
    except ValueError:
        return None


def _handle(profile: Profile, official: Official) -> list[tuple[float, str]]:
    if handle_likeness(profile.handle, official.handle) < HANDLE_ALIKE:
        return []
    return [(HANDLE_WEIGHT, f"账号标识与官方“{official.handle}”相近")]


def _bio(profile: Profile, official: Official) -> list[tuple[float, str]]:
    if not profile.bio:
        return []
    if _DENIAL.search(profile.bio):
        return [(BIO_DENIAL_WEIGHT, "简介自称非官方")]
    names_it = bool(official.unit) and fold(official.unit).text in fold(profile.bio).text
    if names_it or _CLAIM.search(profile.bio):
        return [(BIO_WEIGHT, "简介自称官方或写明受保护单位")]
    return []


def _avatar(profile: Profile, official: Official, sharers: int) -> list[tuple[float, str]]:
    distance = avatar_distance(profile.avatar, official.avatar)
    if distance is None or distance > AVATAR_CLOSE_BITS:
        return []
    weight = AVATAR_WEIGHT if distance <= AVATAR_SAME_BITS else AVATAR_CLOSE_WEIGHT
    return [(weight / max(sharers, 1), "头像与官方账号同一模板")]


def _subject(profile: Profile, official: Official) -> list[tuple[float, str]]:
    """A badge on the right unit clears; on a company it does not; on another body it may."""
    subject = fold(profile.certified_subject).text
    if not subject:
        return []
    if subject == fold(official.unit).text:
        return [(SUBJECT_SAME_WEIGHT, "认证主体即受保护单位，请核对台账是否漏登")]
    if _COMPANY.search(profile.certified_subject):
        return [
            (SUBJECT_COMPANY_WEIGHT, f"认证主体为“{profile.certified_subject}”，不是受保护单位")
        ]
    read, unit = parse(subject), parse(fold(official.unit).text)
    is_body = any(word.kind == vocabulary.BODY for word in read.words)
    if is_body and (relation(read.places, unit.places) == OTHER or not read.bodies & unit.bodies):
        return [(SUBJECT_OTHER_BODY_WEIGHT, "认证主体为其他机关单位")]
    return []
