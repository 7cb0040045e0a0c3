"""Names of the generated register: word lists of the sample and names made of syllables.

Frequencies fall as one over the rank (Zipf), so that a handful of names is everywhere and most are
rare, as in any register. Names are drawn as positions in the two lists.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from justice_data_lab.sample import name_lists as lists
from justice_data_lab.sample.names import SURNAMES, fold

Int = npt.NDArray[np.int64]

_ONSETS = lists.words("B BR C CH D DR F G GR H J K L M N P R S SH ST T TR V W Z")
_VOWELS = lists.words("A E I O U AI EE OU IA")
_CODAS = lists.words("N R L S M CK NS RD LL TT ND X SKI SON LEY TON WELL BURN")
_ENDINGS = {"M": ["O", "US", "AN", "EN", "IL"], "F": ["A", "IA", "ENE", "ELLE", "YN"]}


def _folded(names: tuple[str, ...] | list[str]) -> list[str]:
    plain = [fold(name.replace("-", " ")).upper() for name in names]
    return list(dict.fromkeys(plain))


def _invented(rng: np.random.Generator, *, size: int, endings: list[str], parts: int) -> list[str]:
    made: dict[str, None] = {}
    syllables = [onset + vowel for onset in _ONSETS for vowel in _VOWELS]
    while len(made) < size:
        draw = rng.integers(0, len(syllables), parts - int(rng.random() < 0.4)).tolist()
        ending = endings[int(rng.integers(len(endings)))]
        made["".join(syllables[at] for at in draw) + ending] = None
    return list(made)


@cache
def forename_list(sex: str, *, size: int = 600) -> pa.Array:
    """Return forenames of one sex, the frequent ones first."""
    blocks = (
        (lists.MALE_FORENAMES, lists.ASIAN_MALE_FORENAMES)
        if sex == "M"
        else (lists.FEMALE_FORENAMES, lists.ASIAN_FEMALE_FORENAMES)
    )
    known = [name.split()[0] for block in blocks for name in _folded(lists.words(block))]
    rng = np.random.default_rng(7 if sex == "M" else 8)
    rare = _invented(rng, size=size, endings=_ENDINGS[sex], parts=2)
    return pa.array(list(dict.fromkeys([*known, *rare])))


@cache
def surname_list(*, size: int = 25_000) -> pa.Array:
    """Return surnames in one word, the frequent ones first."""
    known = [name.replace(" ", "") for name in _folded(list(SURNAMES))]
    rare = _invented(np.random.default_rng(9), size=size, endings=list(_CODAS), parts=3)
    return pa.array(list(dict.fromkeys([*known, *rare])))


def zipf(rng: np.random.Generator, *, size: int, length: int, flatness: float) -> Int:
    """Draw positions with probability proportional to 1 / (position + flatness)."""
    bounds = np.cumsum(1.0 / (np.arange(length) + flatness))
    drawn: Int = np.searchsorted(bounds, rng.random(size) * bounds[-1], side="right")
    return np.minimum(drawn, length - 1)
