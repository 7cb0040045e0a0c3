"""Offence and disposal codes that the generator uses, as arrays to index into.

They repeat rows of `seeds/reference/offence_codes.csv` and `disposal_codes.csv` so that the
package works without the repository; a test holds the two against each other.
"""

import numpy as np

GROUPS = (
    "violence", "robbery", "public_order", "sexual_not_child", "sexual_child",
    "soliciting_prostitution", "burglary_domestic", "burglary_other", "theft_non_motor",
    "handling", "fraud_forgery", "absconding_bail", "taking_driving_away",
    "theft_from_vehicles", "other_motoring", "drink_driving", "criminal_damage",
    "drug_import_export_production", "drug_possession_supply", "other",
)  # fmt: skip
GROUP_SHARE = np.array(
    [18, 1.5, 8, 0, 0, 0.7, 3, 3, 20, 1.5, 4, 2, 3, 2, 6, 9, 8, 1, 8, 3], dtype=np.float64
)
GROUP_SEVERITY = np.array(
    [
        0.2, 2.2, -0.3, 0.9, 1.3, -0.8, 1.4, 0.7, -0.1, 0.0, 0.3, -0.1, 0.2, 0.2, 0.3, 0.1, -0.4,
        1.2, -0.2, -0.3,
    ]
)  # fmt: skip
SEXUAL_GROUPS = (GROUPS.index("sexual_not_child"), GROUPS.index("sexual_child"))
THEFT, DRINK_DRIVING, VIOLENCE, DRUGS, SOLICITING = (
    GROUPS.index(name)
    for name in (
        "theft_non_motor",
        "drink_driving",
        "violence",
        "drug_possession_supply",
        "soliciting_prostitution",
    )
)

# offence code, group, court rank (0 indictable, 1 either way, 2 summary), share in its group
_OFFENCES = (
    ("VI01", "violence", 0, 5), ("VI02", "violence", 1, 40), ("VI03", "violence", 2, 55),
    ("RO01", "robbery", 0, 100),
    ("PO01", "public_order", 1, 15), ("PO02", "public_order", 2, 85),
    ("SX01", "sexual_not_child", 0, 25), ("SX02", "sexual_not_child", 1, 75),
    ("SC01", "sexual_child", 0, 35), ("SC02", "sexual_child", 1, 65),
    ("SO01", "soliciting_prostitution", 2, 100),
    ("BD01", "burglary_domestic", 0, 6), ("BD02", "burglary_domestic", 1, 94),
    ("BO01", "burglary_other", 1, 100),
    ("TH01", "theft_non_motor", 1, 12), ("TH02", "theft_non_motor", 1, 88),
    ("HA01", "handling", 1, 100),
    ("FR01", "fraud_forgery", 0, 5), ("FR02", "fraud_forgery", 1, 95),
    ("AB01", "absconding_bail", 2, 100),
    ("TD01", "taking_driving_away", 1, 20), ("TD02", "taking_driving_away", 2, 80),
    ("TV01", "theft_from_vehicles", 1, 100),
    ("OM01", "other_motoring", 1, 20), ("OM02", "other_motoring", 2, 80),
    ("DD01", "drink_driving", 2, 100),
    ("CD01", "criminal_damage", 1, 8), ("CD02", "criminal_damage", 2, 92),
    ("DI01", "drug_import_export_production", 0, 20),
    ("DI02", "drug_import_export_production", 1, 80),
    ("DP01", "drug_possession_supply", 1, 25), ("DP02", "drug_possession_supply", 1, 75),
    ("OT01", "other", 0, 6), ("OT02", "other", 1, 34), ("OT03", "other", 2, 60),
)  # fmt: skip
_NEVER_COUNTED = ("PO03", "OM03", "OT04", "BR01", "BR02", "BR03")

OFFENCE_CODES = (*(row[0] for row in _OFFENCES), *_NEVER_COUNTED)
COURT_RANK = np.array([*(row[2] for row in _OFFENCES), 2, 2, 2, 2, 1, 1], dtype=np.int8)
NON_RECORDABLE = np.array([OFFENCE_CODES.index(code) for code in _NEVER_COUNTED[:3]])
BREACH_OF_COMMUNITY_ORDER = OFFENCE_CODES.index("BR01")
BREACH_OF_SUSPENDED_SENTENCE = OFFENCE_CODES.index("BR02")
CODE_GROUP = np.array([GROUPS.index(row[1]) for row in _OFFENCES] + [19] * 6, dtype=np.int8)


def _codes_by_percentile() -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """Make the table group x percentile that turns one uniform draw into an offence code."""
    table = np.zeros((len(GROUPS), 100), dtype=np.int8)
    for position, name in enumerate(GROUPS):
        rows = [(code, row[3]) for code, row in enumerate(_OFFENCES) if row[1] == name]
        table[position] = np.repeat([code for code, _ in rows], [share for _, share in rows])
    return table


CODE_BY_PERCENTILE = _codes_by_percentile()

DISPOSAL_RANK = {
    1001: 1, 1002: 2, 1003: 3, 1010: 4, 1020: 5, 1030: 6, 1040: 7, 1050: 8, 1051: 9, 1060: 10,
    1070: 11, 1080: 12, 1081: 13, 1082: 14, 1090: 15, 1098: 16, 1099: 17,
}  # fmt: skip
"""Disposal codes with their rank; 1 is the most serious."""

IMPRISONMENT, YOUNG_OFFENDER_DETENTION, DETENTION_AND_TRAINING = 1001, 1002, 1003
SUSPENDED_SENTENCE_ORDER, COMMUNITY_ORDER, YOUTH_REHABILITATION_ORDER = 1010, 1020, 1030
FINE, CONDITIONAL_DISCHARGE, ABSOLUTE_DISCHARGE, POSITIVE_DRUG_TEST = 1040, 1050, 1051, 1060
OTHER_COURT_ORDER, CAUTION, FINAL_WARNING, REPRIMAND = 1070, 1080, 1081, 1082
PENALTY_NOTICE, CHARGE_WITHDRAWN, NOT_GUILTY = 1090, 1098, 1099
