"""How courts and the police dispose of a case: by age, seriousness and history."""

import numpy as np
import numpy.typing as npt

from justice_data_lab.sample import codes
from justice_data_lab.sample.columns import Float
from justice_data_lab.sample.days import Int

Disposal = npt.NDArray[np.int16]

_CUSTODY, _SUSPENDED, _COMMUNITY = 3.85, 3.15, 1.25
_LESSER = np.repeat(
    [
        codes.FINE,
        codes.CONDITIONAL_DISCHARGE,
        codes.ABSOLUTE_DISCHARGE,
        codes.OTHER_COURT_ORDER,
        codes.POSITIVE_DRUG_TEST,
        codes.CAUTION,
    ],
    [52, 14, 1, 2, 1, 30],
).astype(np.int16)
_YOUTH_FIRST = np.repeat(
    [
        codes.REPRIMAND,
        codes.FINAL_WARNING,
        codes.YOUTH_REHABILITATION_ORDER,
        codes.CONDITIONAL_DISCHARGE,
        codes.FINE,
    ],
    [68, 16, 10, 4, 2],
).astype(np.int16)
_YOUTH_LATER = np.repeat(
    [
        codes.FINAL_WARNING,
        codes.YOUTH_REHABILITATION_ORDER,
        codes.CONDITIONAL_DISCHARGE,
        codes.FINE,
        codes.DETENTION_AND_TRAINING,
    ],
    [18, 54, 12, 7, 9],
).astype(np.int16)


def choose_disposal(
    rng: np.random.Generator,
    *,
    code: npt.NDArray[np.int8],
    age: Float,
    earlier: Int,
) -> tuple[Disposal, Int]:
    """Draw the disposal of each case and its sentence in days (0 where there is none)."""
    size = code.size
    seriousness = (
        codes.GROUP_SEVERITY[codes.CODE_GROUP[code]]
        + 1.1 * (codes.COURT_RANK[code] == 0)
        + 0.42 * np.minimum(earlier, 8)
        + rng.logistic(0.35, 1.0, size=size)
    )
    percent = rng.integers(0, 100, size=size)
    custody = np.where(age < 21, codes.YOUNG_OFFENDER_DETENTION, codes.IMPRISONMENT)
    adult = np.select(
        [seriousness > _CUSTODY, seriousness > _SUSPENDED, seriousness > _COMMUNITY],
        [custody, codes.SUSPENDED_SENTENCE_ORDER, codes.COMMUNITY_ORDER],
        _LESSER[percent],
    )
    is_first = (adult == codes.CAUTION) & (earlier > 4)
    adult = np.where(is_first, codes.FINE, adult)
    youth = np.where(earlier == 0, _YOUTH_FIRST[percent], _YOUTH_LATER[percent])
    disposal = np.where(age < 18, youth, adult).astype(np.int16)
    return disposal, _sentence_days(rng, disposal)


def _sentence_days(rng: np.random.Generator, disposal: Disposal) -> Int:
    size = disposal.size
    order = np.array([183, 365, 365, 365, 548, 730])[rng.integers(0, 6, size=size)]
    suspended = np.array([84, 112, 140, 182, 274, 365, 548])[rng.integers(0, 7, size=size)]
    custody = np.clip(np.exp(rng.normal(4.9, 1.0, size=size)), 14, 3650)
    detention = np.array([122, 183, 244, 365, 548])[rng.integers(0, 5, size=size)]
    days = np.select(
        [
            disposal <= codes.YOUNG_OFFENDER_DETENTION,
            disposal == codes.DETENTION_AND_TRAINING,
            disposal == codes.SUSPENDED_SENTENCE_ORDER,
            np.isin(disposal, (codes.COMMUNITY_ORDER, codes.YOUTH_REHABILITATION_ORDER)),
        ],
        [custody, detention, suspended, order],
        0,
    )
    return days.astype(np.int32)
