"""Section 5: what was known of a person as at an index event."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from . import events, zone
from .eligibility import Event, History
from .text import add_months
from .zone import NEEDS, Assessment, Period

OUT_OF_WORK = ("jsa", "esa", "is", "ib")
BANDS = (
    (91, "to_3_months"),
    (183, "to_6_months"),
    (366, "to_12_months"),
    (731, "to_2_years"),
    (1461, "to_4_years"),
)
OGRS_CONSTANT, OGRS_COPAS = 1.402562384, 1.251124464
OGRS_NO_PREVIOUS, OGRS_PREVIOUS = 0.126142106, 0.463062792
OGRS_AGES = (
    (10, 0.0, -0.785038489),
    (12, 0.083922902, -0.613852078),
    (14, 0.075775765, -0.669521331),
    (16, -0.061594199, -0.959179629),
    (18, -0.625103618, -0.897480934),
    (21, -1.051515067, -1.028488454),
    (25, -1.166679288, -1.052777806),
    (30, -1.325976554, -1.129127959),
    (35, -1.368045933, -1.42187494),
    (40, -1.499690953, -1.524652221),
    (50, -2.025261458, -2.44983716),
)
OGRS_OFFENCES = {
    "violence": 0.0,
    "robbery": -0.634795912,
    "public_order": 0.181917975,
    "sexual_not_child": 0.003276327,
    "sexual_child": -0.653434071,
    "soliciting_prostitution": 0.760608858,
    "burglary_domestic": -0.12394352,
    "burglary_other": 0.240604429,
    "theft_non_motor": 0.661244321,
    "handling": 0.351866973,
    "fraud_forgery": 0.159910192,
    "absconding_bail": 0.733378677,
    "taking_driving_away": 0.380059431,
    "theft_from_vehicles": 0.427225615,
    "other_motoring": 0.262228428,
    "drink_driving": -0.121439408,
    "criminal_damage": 0.204960477,
    "drug_import_export_production": -0.795556373,
    "drug_possession_supply": 0.077165871,
    "other": -0.060667525,
}
REGIONS = {
    name: {key: row["region"] for key, row in zone.seed(name).items()}
    for name in ("police_force_regions", "establishment_regions")
}


def completed_years(since: date | None, day: date) -> int | None:
    """Count completed years; somebody born on 29 February is a year older on 1 March."""
    if since is None:
        return None
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def length_band(days: int | None) -> str:
    """Give the band of the length of a sentence (our default: no source fixes the bands)."""
    if days is None:
        return "none"
    return next((band for most, band in BANDS if days <= most), "over_4_years")


def region_of(event: Event) -> str | None:
    """Give the region of an index event.

    Readings: a release has that of its last establishment, and none where the seed has no
    entry; a community sentence that of its order, else of the police force of its index
    offence.
    """
    if event.episode is not None:
        return REGIONS["establishment_regions"].get(event.episode.last.establishment or "")
    order = event.community.order if event.community else None
    if order is not None and order.region:
        return order.region
    force = event.offence.force if event.offence else None
    return REGIONS["police_force_regions"].get(force or "")


def conviction_or_reception(event: Event) -> date:
    """Give the day that work and benefits are looked back from."""
    if event.episode is not None:
        return event.episode.reception
    if event.case is None:
        raise ValueError("a community sentence has a case")
    return event.case.proven


def overlapping(spells: Iterable[Period], first: date, end: date) -> bool:
    """Say whether a spell has a day from `first` to the day before `end`."""
    return any(s.start < end and (s.end is None or s.end >= first) for s in spells)


def work_and_benefits(event: Event, history: History) -> dict[str, Any]:
    """Employment and benefits in the month and year before the conviction or the reception.

    Unknown where the extract has no rows at all.
    """
    day = conviction_or_reception(event)
    claims = [spell for spell in history.benefits if spell.benefit in OUT_OF_WORK]
    month, year = add_months(day, -1), add_months(day, -12)
    work, benefits = history.is_work_recorded, history.are_benefits_recorded
    return {
        "employed_month_before": overlapping(history.jobs, month, day) if work else None,
        "employed_year_before": overlapping(history.jobs, year, day) if work else None,
        "out_of_work_benefits_month_before": overlapping(claims, month, day) if benefits else None,
        "out_of_work_benefits_year_before": overlapping(claims, year, day) if benefits else None,
    }


def criminal_history(event: Event, history: History, end: date | None = None) -> dict[str, Any]:
    """Count what was proven before the index case; a release without a case has nothing.

    Readings: the first sanction is the index case itself where there is none before, and the
    reception of a release without a case; years run to the index date. With an end the history
    is as at that day: nothing proven on it or later counts, a first sanction lies on it at the
    latest, and years run to it.
    """
    day = event.case.proven if event.case else date.min
    to = end or event.index_date
    day = min(day, to)
    cases = [case for case in history.cases if case.proven < day]
    rows = [r for r in history.rows if events.counts(r) and r.proven_date and r.proven_date < day]
    own = event.case.proven if event.case else conviction_or_reception(event)
    first = min((case.proven for case in cases), default=own)
    first = min(first, to)
    years = completed_years(first, to) or 0

    def log(number: int) -> float:
        return math.log(1 + number)

    by_type = {t: sum(r.court_type == t for r in rows) for t in events.COURT_ORDER}
    return {
        "previous_sanctions_n": len(cases),
        "copas_rate": math.log((1 + len(cases)) / (10 + years)),
        "career_length_years": (to - first).days / 365.25,
        "age_at_first_sanction": completed_years(born(history), first),
        **{f"previous_{name}_log": log(number) for name, number in by_type.items()},
        "previous_court_appearances_log": log(sum(c.index_offence.is_court for c in cases)),
        "previous_custodial_sentences_log": log(sum(c.index_offence.is_custodial for c in cases)),
        "previous_community_sentences_log": log(
            sum(case.disposal_type in events.COMMUNITY for case in cases)
        ),
    }


def year_before(event: Event, history: History) -> dict[str, Any]:
    """Section 6: the criminal history a year earlier, and the offending since.

    Reading: an offence that is of the index case is left out whenever it was committed.
    """
    start = add_months(event.index_date, -12)
    own = {row.offence_id for row in event.case.rows} if event.case else set()
    found = criminal_history(event, history, start)
    del found["previous_sanctions_n"]
    offended = any(
        events.counts(row) and row.proven_date and start < row.offence_date < event.index_date
        for row in history.rows
        if row.offence_date and row.offence_id not in own
    )
    return {**found, "has_offended_in_year_before": offended}


def born(history: History) -> date | None:
    """Give the date of birth on the register, aliases aside."""
    return history.person.born if history.person else None


def latest_assessment(assessments: Iterable[Assessment], index: date) -> dict[str, str]:
    """Give each need as at the latest assessment before the index date.

    Readings: on the index date is not before it; of two assessments of one day a need that
    one of them has is there, and else one that it has not is not.
    """
    before = [a for a in assessments if a.day < index]
    last = max((a.day for a in before), default=None)
    states = {}
    for need in NEEDS:
        known = {a.needs[need] for a in before if a.day == last}
        states[f"oasys_{need}"] = (
            "yes" if True in known else "no" if False in known else "not_assessed"
        )
    return states


def ogrs3(copas: float, previous: int, age: int | None, sex: str, group: str) -> float | None:
    """Give the one-year OGRS3 score, 0 to 1.

    Reading: null where sex, age or offence is not known, and under 10: there is no term.
    """
    if age is None or age < 10 or sex not in "MF" or group not in OGRS_OFFENCES:
        return None
    terms = [row for row in OGRS_AGES if row[0] <= age][-1]
    z = OGRS_CONSTANT + OGRS_COPAS * copas
    z += OGRS_PREVIOUS if previous else OGRS_NO_PREVIOUS
    z += terms[2 if sex == "F" else 1] + OGRS_OFFENCES[group]
    return 1 / (1 + math.exp(-z))


def covariates(event: Event, history: History) -> dict[str, Any]:
    """Give every covariate of an index event."""
    person, index = history.person, event.index_date
    age = completed_years(born(history), index)
    quarter = (index.year - 2000) * 4 + (index.month - 1) // 3
    past = criminal_history(event, history)
    group = event.offence.group if event.offence else "unknown"
    sex = person.sex if person else "U"
    found = {
        "region": region_of(event),
        "sex": sex,
        "ethnicity": person.ethnicity if person else "unknown",
        "nationality": person.nationality if person else "unknown",
        "age_at_index": age,
        "age_at_index_squared": None if age is None else age * age,
        "index_offence_group": group,
        "sentence_type": event.case.disposal_type if event.case else "unknown",
        "sentence_length_band": length_band(event.offence.sentence_days if event.offence else None),
        "index_quarter": quarter,
        "index_quarter_squared": quarter * quarter,
        "ogrs3": ogrs3(past["copas_rate"], past["previous_sanctions_n"], age, sex, group),
        **past,
        **work_and_benefits(event, history),
        **latest_assessment(history.assessments, index),
    }
    del found["previous_sanctions_n"]
    return found
