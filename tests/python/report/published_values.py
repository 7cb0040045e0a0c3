"""The rows of the made-up published database, table by table, in the order of its columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Protocol

from justice_data_lab.project import reference_rows

Row = tuple[Any, ...]


class Wanted(Protocol):
    """What the rows of a request are made from."""

    request_id: str
    organisation: str
    service_name: str
    sector: str
    need: str
    status: str
    delivered_in: str
    submitted_n: int
    analysed_n: int | None
    points: float
    status_reason: str | None
    review_due_on: str | None


REASONS = (
    ("invalid_record", "linked", "The record lacks what the linking needs", 6),
    ("not_on_pnc", "linked", "No person with a proven offence was found", 115),
    ("repeat_record", "sentence_found", "Another record of the same person is kept", 185),
    ("no_sentence_found", "sentence_found", "No sentence was found", 20),
    ("still_in_custody", "index_event_identified", "Not released before the data end", 35),
    ("other_disposal", "index_event_identified", "The latest disposal is of another type", 490),
    ("outside_window", "index_event_identified", "The service did not start in six months", 70),
    ("sex_offence", "index_event_identified", "A sex offence is on record", 10),
    ("reoffended_before_start", "followed", "Re-offended before the service started", 90),
)
STEPS = {row["reason"]: row for row in reference_rows("exclusion_reasons")}
MEASURES = (
    ("rate", "One-year proven re-offending rate", "percent", "all", 0, 35.0, 0.48),
    ("frequency", "Proven re-offences per person", "offences per person", "all", 2, 0.9, 1.8),
    ("days_to_first", "Days to the first re-offence", "days", "re-offenders", 0, 160.0, 95.0),
    ("first_indictable", "First re-offence indictable only", "percent", "re-offenders", 0, 3, 0.17),
    ("first_either_way", "First re-offence either way", "percent", "re-offenders", 0, 56, 0.5),
    ("first_summary", "First re-offence summary only", "percent", "re-offenders", 0, 41, 0.49),
    (
        "frequency_indictable",
        "Indictable-only re-offences per re-offender",
        "offences per person",
        "re-offenders",
        2,
        0.06,
        0.3,
    ),
    (
        "frequency_either_way",
        "Either-way re-offences per re-offender",
        "offences per person",
        "re-offenders",
        2,
        1.5,
        1.9,
    ),
    (
        "frequency_summary",
        "Summary re-offences per re-offender",
        "offences per person",
        "re-offenders",
        2,
        0.95,
        1.4,
    ),
    ("first_custody", "Custody for the first re-offence", "percent", "re-offenders", 0, 31, 0.46),
    (
        "custody_frequency",
        "Custodial sentences for re-offences per re-offender",
        "sentences per person",
        "re-offenders",
        2,
        0.7,
        1.1,
    ),
    (
        "in_employment_1y",
        "In employment one year after the index date",
        "percent",
        "all",
        0,
        30.0,
        0.46,
    ),
)
NOT_RELIABLE = ("hostile_7", "headline")
COVARIATES = (
    *(("age_at_index", "demographics", 29.4), ("sex: F", "demographics", 0.2)),
    *(("sex: M", "demographics", 0.8), ("ethnicity: black", "demographics", 0.12)),
    *(("ethnicity: white", "demographics", 0.78), ("copas_rate", "criminal_history", -1.1)),
    ("index_offence_group: theft_non_motor", "index_offence", 0.24),
    ("index_offence_group: violence", "index_offence", 0.21),
    ("index_offence_group: robbery", "index_offence", 0.02),
    ("sentence_type: community_order", "index_offence", 0.83),
    ("sentence_length_band: to_12_months", "index_offence", 0.45),
    ("previous_court_appearances_log", "criminal_history", 1.6),
    ("previous_custodial_sentences_log", "criminal_history", 0.6),
    ("career_length_years", "criminal_history", 11.9),
    ("employed_month_before", "employment_and_benefits", 0.27),
    ("out_of_work_benefits_month_before", "employment_and_benefits", 0.48),
)
SCENARIOS = (
    ("headline", "headline", "The headline", "risk_set", "logit", 0.2, "sd", "radius"),
    (
        "width_0.1",
        "width",
        "Radius of 0.1 standard deviations",
        "risk_set",
        "logit",
        0.1,
        "sd",
        "radius",
    ),
    (
        "width_0.05",
        "width",
        "Radius of 0.05 standard deviations",
        "risk_set",
        "logit",
        0.05,
        "sd",
        "radius",
    ),
    (
        "scale_probability",
        "scale",
        "Radius on the probability",
        "risk_set",
        "probability",
        0.05,
        "raw",
        "radius",
    ),
    (
        "nearest_1",
        "matching",
        "One nearest control each",
        "risk_set",
        "logit",
        0.2,
        "sd",
        "nearest",
    ),
    (
        "condition_fixed",
        "condition",
        "Controls with no re-offence in six months",
        "fixed",
        "logit",
        0.2,
        "sd",
        "radius",
    ),
    (
        "condition_none",
        "condition",
        "No condition on the controls",
        "none",
        "logit",
        0.2,
        "sd",
        "radius",
    ),
    (
        "scope_index",
        "scope",
        "Only sexual index offences exclude",
        "risk_set",
        "logit",
        0.2,
        "sd",
        "radius",
    ),
    ("region", "region", "Controls of the same region", "risk_set", "logit", 0.2, "sd", "radius"),
    (
        "weighting",
        "estimator",
        "Weighting in place of matching",
        "risk_set",
        "logit",
        None,
        None,
        "weighting",
    ),
)
CODES = (
    ("c", "Confidential: too few people to show this figure"),
    ("low", "The figure rounds to 0 and is not 0"),
    ("x", "Not available"),
    ("z", "Not applicable"),
    ("u", "Low reliability: read with great care"),
)
SETTINGS = (
    ("minimum_submitted", "60", "whole number", "Records that a request needs", "pilot, checklist"),
    ("minimum_analysed", "30", "whole number", "People that a group needs", "pilot"),
    ("window_months", "6", "whole number", "The service starts within these months", "pilot"),
    ("match_scale", "logit", "choice", "Scale on which the radius is measured", "our default"),
    ("match_width", "0.2", "number", "Radius of the matching", "our default"),
    ("match_width_unit", "sd", "choice", "Unit of the radius", "our default"),
    ("follow_up_months", "12", "whole number", "Months in which re-offences count", "pilot"),
    ("waiting_months", "6", "whole number", "Further months until proof", "pilot"),
    ("disclosure_rounding", "5", "whole number", "Counts are rounded to this", "our default"),
    ("disclosure_small_count", "7", "whole number", "Counts to this are hidden", "our default"),
)
FACTS = (
    ("data_as_of", "2013-12-31", "fact", "The day on which the extracts were taken", "extract"),
    ("reoffending_data_to", "2012-12-31", "fact", "Re-offending is complete to here", "extract"),
    ("is_synthetic", "true", "fact", "Whether the raw zone holds nobody real", "extract"),
    ("code_version", "0123456789abcdef", "fact", "The commit of the code", "git"),
    ("contact", "justice-data-lab@example.org", "fact", "Where readers ask", "extract.json"),
    ("settings_below_floor", "none", "fact", "Settings below their floor", "this build"),
)
CHECKS = (
    ("unique_requests_request_id", "test", "request_id of requests is unique", "pass"),
    ("waterfall_telescopes", "test", "Removed and remaining add up, for every request", "pass"),
    ("outcomes", "model", "One row per request, analysis and measure", "success"),
    ("no_region_for_force", "test", "Every police force has a region", "warn"),
)


def rows_of(requests: Sequence[Wanted], *, disclosure_control: bool) -> dict[str, list[Row]]:
    """Return the rows of every table."""
    analysed = [request for request in requests if request.analysed_n]
    outcomes = [row for request in analysed for row in _outcomes(request)]
    rows: dict[str, list[Row]] = {
        "requests": [_request(request) for request in requests],
        "outcomes": outcomes,
        "measures": [
            (
                code,
                place,
                name,
                f"the {name}",
                unit,
                population,
                f"{name}, among {population}",
                decimals,
            )
            for place, (code, name, unit, population, decimals, *_) in enumerate(MEASURES, 1)
        ],
        "meta_analysis": list(_meta_analysis(outcomes, requests)),
        "findings_summary": list(_findings(outcomes, requests)),
        "method_settings": _settings(disclosure_control),
        "feedback_survey": [(40, 30, 75.0)],
        "codes": list(CODES),
        "quality_log": list(CHECKS),
    }
    makers = {
        "analyses": _analyses,
        "attrition_detail": _details,
        "suggested_analyses": _additional,
        "resubmissions": _resubmissions,
        "pool_attrition": _pool,
        "covariate_balance": _balance,
        "power": _power,
        "detectable": _detectable,
        "pre_service_check": _year_before,
        "diagnostics_gate": _gates,
        "placebo": _placebo,
        "sensitivity": _sensitivity,
        "survival": _survival,
        "subgroup_interactions": _interactions,
    }
    rows["attrition"] = [row for request in requests for row in _attrition(request)]
    for table, maker in makers.items():
        rows[table] = [row for request in analysed for row in maker(request)]
    return rows


def _placebo(request: Wanted) -> Iterator[Row]:
    key = request.request_id
    if (request.analysed_n or 0) < 100:
        yield from ((key, measure, 200, *(None,) * 5, "x") for measure in ("rate", "frequency"))
        return
    yield key, "rate", 200, 0.1, 0.2, 4.5, 2.4, 8.3, None
    yield key, "frequency", 200, -0.004, 0.005, 5.0, 2.7, 9.0, None


def _attrition_without_result(request: Wanted) -> Iterator[Row]:
    """Yield the steps of a request that was stopped before linking, or whose group is too small."""
    total = request.submitted_n
    counts = {"request_not_answerable": total}
    if request.status == "withdrawn":
        counts = {"request_withdrawn": total}
    elif request.status_reason == "too_few_eligible":
        counts = {"not_on_pnc": 10, "other_disposal": total - 30, "group_too_small": 20}
    remaining = total
    for row in STEPS.values():
        removed = counts.get(row["reason"], 0)
        remaining -= removed
        share = float(round(100 * remaining / total))
        yield (
            *(request.request_id, int(row["step_number"]), row["reason"], row["stage"]),
            *(row["reason"], row["description"], removed, remaining, share, False, None),
        )


def _request(request: Wanted) -> Row:
    too_few = request.status_reason == "too_few_eligible"
    return (
        *(request.request_id, request.organisation, request.service_name, request.sector),
        *(request.need, request.status, request.status_reason, request.review_due_on),
        *(request.submitted_n, request.analysed_n),
        f"What {request.service_name[:300]} delivers (synthetic data)",
        *(request.delivered_in, _verdict(request) if request.analysed_n else None),
        "c" if too_few else None,
        "2013-10-01",
        *((2006, 2010) if request.analysed_n else (None, None)),
        *(("2014-01", "2014-01-31") if request.status == "published" else (None, None)),
    )


def _verdict(request: Wanted) -> str:
    return ("good", "good", "acceptable", "good", "poor")[len(request.request_id) % 5]


def _to_5(number: float) -> int:
    return 5 * round(number / 5)


def _subgroups(request: Wanted) -> list[tuple[str, str, str | None, str | None, str | None, float]]:
    """analysis_id, kind, label, field, value, share of the treated."""
    groups: list[tuple[str, str, str | None, str | None, str | None, float]] = [
        ("headline", "headline", None, None, None, 1.0),
        ("regional", "regional", None, None, None, 0.95),
    ]
    if (request.analysed_n or 0) >= 250:
        groups += [
            ("men", "subgroup", "Men", "sex", "M", 0.8),
            ("women", "subgroup", "Women", "sex", "F", 0.2),
            (
                "site_a",
                "subgroup",
                request.organisation[:60] + " (site A)",
                "user_reference_1",
                "A",
                0.05,
            ),
        ]
    return groups


def _analyses(request: Wanted) -> Iterator[Row]:
    for analysis_id, kind, label, field, value, share in _subgroups(request):
        n = _to_5((request.analysed_n or 0) * share)
        hidden = n < 30
        counts = (None,) * 6 if hidden else (n, n, 0, 20 * n, 12 * n, 7 * n)
        shares = (None,) * 8 if hidden else (60.0, 1.2, 45.0, 4.2, 14, 2, 0, 97.0)
        yield (
            *(request.request_id, analysis_id, kind, label, field, value),
            "regional" if kind == "regional" else "national",
            *("risk_set", "ever", "logit", 0.2, "sd", "region" if kind == "regional" else "", ""),
            "Asked for by the provider" if kind == "subgroup" else None,
            *(*counts, *shares, None if hidden else _verdict(request)),
            *(None if hidden else "cox", "c" if hidden else None),
        )


def _attrition(request: Wanted) -> Iterator[Row]:
    total = request.submitted_n
    lost = total - (request.analysed_n or 0)
    start = ("submitted", "submitted", None, "Records submitted")
    yield (request.request_id, 0, *start, 0, total, 100.0, False, None)
    if request.analysed_n is None:
        yield from _attrition_without_result(request)
        return
    weights = {reason: (text, weight) for reason, _, text, weight in REASONS}
    remaining = total
    for row in STEPS.values():
        reason = row["reason"]
        text, weight = weights.get(reason, (row["description"], 0))
        share_of_lost = lost * weight / sum(part for _, part in weights.values())
        removed = max(10, _to_5(share_of_lost)) if weight else 0
        if reason == REASONS[-1][0]:
            removed = remaining - request.analysed_n
        removed = min(removed, remaining - request.analysed_n)
        remaining -= removed
        share = float(round(100 * remaining / total))
        merged = reason == "invalid_record"
        yield (
            *(request.request_id, int(row["step_number"]), reason, row["stage"], reason, text),
            *((None, None, None) if merged else (removed, remaining, share)),
            *(merged, "c" if merged else None),
        )


def _details(request: Wanted) -> Iterator[Row]:
    yield (request.request_id, "no_conviction", "People with no proven offence", 35, None)
    yield (request.request_id, "sexual_index_offence", "Of them a sexual index offence", None, "c")


def _additional(request: Wanted) -> Iterator[Row]:
    yield (request.request_id, "prison_release", "People who came after leaving custody", 140, None)
    yield (request.request_id, "fines", "People whose latest disposal is a fine", None, "c")


def _resubmissions(request: Wanted) -> Iterator[Row]:
    yield (request.request_id, "2013-Q1", "released", 25, "2015-07-01", None)
    yield (request.request_id, "2013-Q2", "expected", None, "2015-10-01", "c")


def _pool(request: Wanted) -> Iterator[Row]:
    remaining = 41_000
    steps = (
        ("events_of_the_kind", "Index events of the same kind and years", 0),
        ("of_the_request", "Of somebody whom the request linked", 410),
        ("sex_offence", "Excluded by the sex-offence rule", 2100),
        ("not_in_force", "Replaced by a later disposal", 5380),
    )
    for number, (step, description, removed) in enumerate(steps):
        remaining -= removed
        key = (request.request_id, "headline", number, step, description)
        yield (*key, removed, remaining, False, None)


def _shift(request: Wanted, analysis_id: str, measure: str, base: float) -> float:
    """Return the difference of a measure, from the points of the rate."""
    points = request.points + {"women": -3.0, "men": 0.7, "regional": 0.4}.get(analysis_id, 0)
    if measure == "rate":
        return points
    wobble = Random(f"{request.request_id}{measure}").gauss(0, 0.06) * base
    return points / 100 * base * (1.5 if measure == "frequency" else 0.3) + wobble


def _p_value(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))


def _outcomes(request: Wanted) -> Iterator[Row]:
    for analysis_id, *_, share in _subgroups(request):
        n = _to_5((request.analysed_n or 0) * share)
        for measure, _, unit, population, decimals, base, spread in MEASURES:
            people = n if population == "all" else _to_5(n * 0.35)
            key = (request.request_id, analysis_id, measure)
            withheld = n < 30 or people < 30 or measure == "first_indictable"
            if withheld:
                said = ("withheld", "No result is given.", None, 40)
                yield (*key, *(None,) * 16, *said, *(None,) * 7, False, None, "c", *(None,) * 3)
                continue
            scale = 100 if unit == "percent" else 1
            difference = _shift(request, analysis_id, measure, base)
            row = _outcome(key, people, n, difference, base, spread * scale, decimals)
            yield _judged(row) if (request.request_id, analysis_id) == NOT_RELIABLE else row


def _judged(row: Row) -> Row:
    """Return an outcome of an analysis of which a gate failed."""
    return tuple("not_reliable" if value in ("decrease", "increase") else value for value in row)


def _outcome(
    key: tuple[str, str, str],
    people: int,
    n: int,
    difference: float,
    base: float,
    deviation: float,
    decimals: int,
) -> Row:
    def rounded(value: float) -> float:
        return round(value, decimals) + 0.0

    half_treated = 1.96 * deviation / math.sqrt(people)
    half_control = 1.96 * deviation / math.sqrt(people * 7)
    half = math.hypot(half_treated, half_control)
    p_value = _p_value(difference / (half / 1.96))
    conclusion = "inconclusive"
    if p_value <= 0.05:
        conclusion = "decrease" if difference < 0 else "increase"
    value = base + difference
    doubly_robust = (difference * 0.95, difference * 0.95 - half, difference * 0.95 + half)
    is_rate = key[2] == "rate"
    return (
        *(*key, people, rounded(value), rounded(value - half_treated)),
        *(
            rounded(value + half_treated),
            _to_5(n * 0.35),
            people * 12,
            people * 15,
            float(people * 7),
        ),
        *(rounded(base), rounded(base - half_control), rounded(base + half_control)),
        *(rounded(difference), rounded(difference - half), rounded(difference + half)),
        *(round(p_value, 2), round(people * 3.1) if conclusion == "inconclusive" else None),
        *(conclusion, f"Statement of {key[2]}: {conclusion}.", "welch_effective", 40),
        *(min(1.0, round(p_value * 20, 2)), *map(rounded, doubly_robust), round(p_value, 2)),
        *((1.4, 1.0) if is_rate else (None, None)),
        *(people >= 60, 1 if deviation > 10 else None, None if people >= 60 else "u"),
        *(_calibrated(difference, half, rounded) if key[1] == "headline" else (None,) * 3),
    )


def _calibrated(
    difference: float, half: float, rounded: Callable[[float], float]
) -> tuple[float, float, float]:
    """Return interval and p against a null of mean 0 and of the spread of one error."""
    wider = half * math.sqrt(2)
    p_value = round(_p_value(difference / (wider / 1.96)), 2)
    return rounded(difference - wider), rounded(difference + wider), p_value


def _balance(request: Wanted) -> Iterator[Row]:
    chance = Random(request.request_id)
    for analysis_id in ("headline", "regional"):
        for covariate, family, mean in COVARIATES:
            key = (request.request_id, analysis_id, covariate, family)
            if covariate.endswith("robbery"):
                yield (*key, *(None,) * 6, "green", None, "c")
                continue
            before, after = chance.gauss(0, 18), chance.gauss(0, 3)
            rating = "green" if abs(after) <= 5 else "amber" if abs(after) <= 10 else "red"
            means = (mean, mean * (1 - before / 100), mean * (1 - after / 100))
            yield (
                *(*key, *(round(value, 2) for value in means), round(before, 1)),
                *(round(after, 1), round(chance.gauss(1, 0.05), 2), rating, 0.01, None),
            )


def _power(request: Wanted) -> Iterator[Row]:
    for points in range(1, 11):
        n = round(28_000 / points**2) if points > 1 else None
        yield (request.request_id, points, n, None)


def _detectable(request: Wanted) -> Iterator[Row]:
    root = math.sqrt(request.analysed_n or 1)
    yield (request.request_id, 80, round(140 / root, 1), None)
    yield (request.request_id, 95, round(180 / root, 1), None)


def _year_before(request: Wanted) -> Iterator[Row]:
    """Return a year before: alike, not alike where the points are few, or not shown of one."""
    if request.request_id == "straight_line":
        yield (request.request_id, *(None,) * 7, "c")
        return
    passes = request.points > -8
    figures = (27.0, 26.0, 1.0, -4.0, 6.0, 0.68) if passes else (35.0, 26.0, 9.0, 3.0, 15.0, 0.01)
    yield (request.request_id, *figures, passes, None)


def _gates(request: Wanted) -> Iterator[Row]:
    """Return gates that pass; failed of one, overridden of one, not shown of one."""
    failed = {"hostile_7": ("equipoise", 31.0, False), "castlemere": ("covariates", 12.4, True)}
    gate_failed, value_failed, is_overridden = failed.get(request.request_id, (None, None, False))
    for gate, value, limit in (
        ("covariates", 4.2, 10.0),
        ("equipoise", 71.0, 35.0),
        ("plan", 0.0, 0.0),
        ("squares_and_products", None, 25.0),
        ("variance_ratio", 0.94, 0.5),
    ):
        key = (request.request_id, gate)
        if request.request_id == "straight_line":
            yield (*key, None, limit, None, False, "c")
        elif gate == gate_failed:
            yield (*key, value_failed, limit, False, is_overridden, None)
        else:
            yield (*key, value, limit, True, False, "x" if value is None else None)


def _sensitivity(request: Wanted) -> Iterator[Row]:
    chance = Random(request.request_id + "sensitivity")
    n = request.analysed_n or 0
    for order, (scenario, family, description, *parameters) in enumerate(SCENARIOS, 1):
        for measure, scale, decimals in (("rate", 1, 0), ("frequency", 0.03, 2)):
            key = (request.request_id, scenario, measure, order, family, description, *parameters)
            if scenario == "nearest_1" and n < 150:
                yield (*key, *(None,) * 8, "c")
                continue
            middle = (request.points + chance.gauss(0, 1)) * scale
            half = 100 / math.sqrt(n) * scale
            yield (
                *(*key, round(middle, decimals) + 0.0, round(middle - half, decimals) + 0.0),
                *(round(middle + half, decimals) + 0.0, 0.2, n, 12 * n, 7.0 * n, 4.1, None),
            )


def _survival(request: Wanted) -> Iterator[Row]:
    n = request.analysed_n or 0
    for arm, rate in (("treated", 35 + request.points), ("control", 35.0)):
        people = n if arm == "treated" else 7 * n
        for month in range(13):
            left = 100 * (1 - rate / 100) ** (month / 12)
            half = 50 / math.sqrt(people) * 1.96 * math.sqrt(month / 12)
            key = (request.request_id, "headline", arm, month)
            if arm == "treated" and month == 1:
                yield (*key, None, None, None, None, "c")
                continue
            bounds = (round(left), round(max(0, left - half)), round(min(100, left + half)))
            yield (*key, _to_5(people * left / 100), *map(float, bounds), None)


def _interactions(request: Wanted) -> Iterator[Row]:
    if (request.analysed_n or 0) >= 250:
        yield (request.request_id, "sex", "rate", 2, 1.3, 1, 0.25, None)
        yield (request.request_id, "sex", "frequency", 2, None, None, None, "c")


def _headlines(outcomes: Sequence[Row], measure: str) -> dict[str, Row]:
    return {row[0]: row for row in outcomes if row[1] == "headline" and row[2] == measure}


def _meta_analysis(outcomes: Sequence[Row], requests: Sequence[Wanted]) -> Iterator[Row]:
    for measure, scale, decimals in (("rate", 1, 0), ("frequency", 0.03, 2)):
        headlines = _headlines(outcomes, measure)
        for dimension, value, members in _groups(requests):
            used = [m.points for m in members if m.request_id in headlines]
            if len(used) < 2:
                continue
            mean = sum(used) / len(used) * scale
            bounds = (mean, mean - 4 * scale, mean + 4 * scale)
            key = (dimension, value, measure, len(used))
            if len(used) == 2:
                average = round(mean, decimals) + 0.0
                yield (*key, average, None, None, None, 41.0, 6.2, 0.04, None, None, "z")
                continue
            yield (
                *key,
                *(round(bound, decimals) + 0.0 for bound in bounds),
                *(0.3, 41.0, 6.2, 0.04),
                *(round(mean - 9 * scale, decimals), round(mean + 9 * scale, decimals), None),
            )


def _groups(requests: Sequence[Wanted]) -> Iterator[tuple[str, str, list[Wanted]]]:
    yield "all", "all", list(requests)
    for dimension in ("need", "sector"):
        for value in sorted({getattr(request, dimension) for request in requests}):
            yield (
                *(dimension, value),
                [request for request in requests if getattr(request, dimension) == value],
            )


def _findings(outcomes: Sequence[Row], requests: Sequence[Wanted]) -> Iterator[Row]:
    for measure, *_ in MEASURES:
        headlines = _headlines(outcomes, measure)
        for dimension, value, members in _groups(requests):
            found = [headlines[m.request_id][18] for m in members if m.request_id in headlines]
            kinds = ("decrease", "increase", "inconclusive", "withheld", "not_reliable")
            if found:
                yield (dimension, value, measure, len(found), *(found.count(k) for k in kinds))


def _settings(disclosure_control: bool) -> list[Row]:
    control = ("disclosure_control", str(disclosure_control).lower(), "choice")
    settings = (*SETTINGS, (*control, "Whether small counts are suppressed", "our default"))
    numbered = [*enumerate(settings, 1), *enumerate(FACTS, 101)]
    return [
        (order, setting, value, data_type, None, None, None, None, meaning, source)
        for order, (setting, value, data_type, meaning, source) in numbered
    ]
