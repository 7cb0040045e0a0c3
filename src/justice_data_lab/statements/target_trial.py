"""The target trial card of a request: the 21 items of the TARGET statement, from what is published.

Cashin, Hansford, Hernan et al. (2025), Transparent reporting of observational studies emulating a
target trial: the TARGET statement. JAMA 334, 1084-1093. The items are told in our own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.measures import HEADLINE
from justice_data_lab.statements.quotes import quote
from justice_data_lab.statements.rows import Row, by_request
from justice_data_lab.statements.trial_protocol import (
    Part,
    Trial,
    analysis_plan,
    assignment,
    assumptions,
    contrast,
    count_text,
    date_text,
    eligibility,
    follow_up,
    is_removing,
    outcomes,
    strategies,
)

TARGET_TRIAL_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("item", pa.string()),
        ("item_order", pa.int32()),
        ("component", pa.string()),
        ("target", pa.string()),
        ("emulation", pa.string()),
        ("departure", pa.string()),
    ]
)
PROTOCOL: Final[tuple[tuple[str, str, Callable[[Trial], Part]], ...]] = (
    ("6a", "Eligibility", eligibility),
    ("6b", "Treatment strategies", strategies),
    ("6c", "Assignment", assignment),
    ("6d", "Follow-up", follow_up),
    ("6e", "Outcomes", outcomes),
    ("6f", "Causal contrast", contrast),
    ("6g", "Identifying assumptions", assumptions),
    ("6h", "Data analysis", analysis_plan),
)
FINDINGS: Final = {
    "decrease": "Re-offending was lower than among similar people.",
    "increase": "Re-offending was higher than among similar people.",
    "inconclusive": "Whether the service changes re-offending cannot be told.",
    "not_reliable": "The groups cannot be compared reliably, so no conclusion is drawn.",
}


def target_trial_table(
    settings: pa.Table,
    requests: pa.Table,
    analyses: pa.Table,
    attrition: pa.Table,
    pool_attrition: pa.Table,
    outcomes: pa.Table,
    year_before: pa.Table,
    gates: pa.Table,
    sensitivity: pa.Table,
) -> pa.Table:
    """Return the cards of all analysed requests, one row per (request_id, item).

    settings: one row per analysed request, as ``int_outcomes__trial_settings``. The other tables
    are as published, their rows in any order. A request without a headline analysis has no card.
    """
    request_of = {row["request_id"]: row for row in requests.to_pylist()}
    analysis_of = {row["request_id"]: row for row in _headlines(analyses).to_pylist()}
    year_of = {row["request_id"]: row for row in year_before.to_pylist()}
    steps = by_request(attrition, ["step_number"])
    pools = by_request(_headlines(pool_attrition), ["step_number"])
    figures = by_request(_headlines(outcomes))
    gates_of = by_request(gates)
    scenarios = by_request(sensitivity)
    rows: list[dict[str, object]] = []
    for own in settings.sort_by("request_id").to_pylist():
        request_id = own["request_id"]
        if request_id not in request_of or request_id not in analysis_of:
            continue
        trial = Trial(
            settings=own,
            request=request_of[request_id],
            analysis=analysis_of[request_id],
            attrition=steps.get(request_id, ()),
            pool_attrition=pools.get(request_id, ()),
            outcomes={row["measure"]: row for row in figures.get(request_id, ())},
            year_before=year_of.get(request_id),
            gates=gates_of.get(request_id, ()),
            sensitivity=[row for row in scenarios.get(request_id, ()) if row["measure"] == "rate"],
        )
        rows += [{"request_id": request_id, **item} for item in card(trial)]
    return pa.Table.from_pylist(rows, schema=TARGET_TRIAL_SCHEMA)


def _headlines(table: pa.Table) -> pa.Table:
    return table.filter(pc.equal(table["analysis_id"], HEADLINE))


def card(trial: Trial) -> list[dict[str, Any]]:
    """Return the rows of one request in the order of the items."""
    protocol = [(item, component, part(trial)) for item, component, part in PROTOCOL]
    parted = [component for _, component, (*_, departure) in protocol if departure]
    items = [*_before(trial), *protocol, *_results(trial), *_after(trial, parted)]
    return [
        {
            "item": item,
            "item_order": order,
            "component": component,
            "target": target,
            "emulation": emulation,
            "departure": departure,
        }
        for order, (item, component, (target, emulation, departure)) in enumerate(items, 1)
    ]


def _before(trial: Trial) -> Iterator[tuple[str, str, Part]]:
    """Items 1 to 5: what kind of study, why, and on which data."""
    request, settings = trial.request, trial.settings
    yield (
        *("1", "Study type"),
        (
            "Say that records stand in for a trial, with sources, assumptions and findings.",
            "The report calls it a comparison on records, not a trial. "
            f"{FINDINGS.get(trial.rate.get('conclusion', ''), 'No result is given for the rate.')}",
            None,
        ),
    )
    need = request["need"]
    yield (
        *("2", "Background"),
        (
            "Say what is known, and what is not.",
            f"The service addresses the need: {need or 'not stated'}.",
            "What other studies found about such services is not reviewed here.",
        ),
    )
    yield (
        *("3", "Causal question"),
        (
            "Say the question that the trial would answer.",
            f"Among people with {trial.event}, does receiving the service change the share who "
            f"re-offend, proven, within {trial.months} months?",
            None,
        ),
    )
    yield (
        *("4", "Rationale"),
        (
            "Say why records stand in for a trial.",
            "The lab answers after the event, for services whose places nobody drew by lot.",
            None,
        ),
    )
    linked = [row for row in trial.attrition if row["stage"] == "linked"]
    found = linked[-1]["percent_of_submitted"] if linked else None
    yield (
        *("5", "Data sources"),
        (
            "Name the records, their purpose, place and time, and how they were linked.",
            f"The provider's records{_linked(found)}, with police, prison and probation records "
            "and those of benefits, employment and assessed needs, of England and Wales. Extracts "
            f"of {date_text(settings['data_as_of'])}.",
            "All were kept for other purposes.",
        ),
    )


def _linked(percent: float | None) -> str:
    if percent is None:
        return ", linked by name, date of birth and numbers"
    return f", {percent:g}% of them linked by name, date of birth and numbers"


def _results(trial: Trial) -> Iterator[tuple[str, str, Part]]:
    """Items 8 to 14: what came of it."""
    analysis, rate = trial.analysis, trial.rate
    rounded = trial.settings["count_rounding"]
    yield (
        *("8", "Participants"),
        (
            "Count who was assessed, eligible and assigned to each group.",
            f"{count_text(trial.request['submitted_n'], 'records')} sent, "
            f"{count_text(trial.request['analysed_n'], 'people')} analysed; compared with "
            f"{count_text(analysis['matched_control_n'], 'index events')} out of "
            f"{count_text(analysis['pool_n'])}.",
            f"Counts are rounded to {rounded}, and small ones are hidden." if rounded else None,
        ),
    )
    alike, close, apart = (analysis[name] for name in ("green_n", "amber_n", "red_n"))
    yield (
        *("9", "Baseline characteristics"),
        (
            "Describe both groups at the start.",
            f"After matching, {count_text(alike)} characteristics are alike, {count_text(close)} "
            f"close and {count_text(apart)} different; before, the largest difference was "
            f"{_smd(analysis['largest_smd_before'])}, and after "
            f"{_smd(analysis['largest_smd_after'])}.",
            None,
        ),
    )
    yield "10", "Length of follow-up", _followed(trial)
    yield (
        *("11", "Missing data"),
        (
            "Say how often each value is missing in each group.",
            "Nobody is left out for an unknown characteristic; records without what the linking "
            "needs are among those left out.",
            "How often each value is unknown is not published by group.",
        ),
    )
    yield from _of_the_rate(trial, rate)
    shown = [row for row in trial.sensitivity if row["difference"] is not None]
    yield (
        *("14", "Additional analyses"),
        (
            "Report every analysis of how much hangs on the choices made.",
            f"Other ways in which the rate was calculated: {len(shown)} (table sensitivity).",
            None if shown else "None can be shown.",
        ),
    )


def _smd(percent: float | None) -> str:
    return "not shown" if percent is None else f"{percent:g}% of a standard deviation"


def _followed(trial: Trial) -> Part:
    step = trial.step("incomplete_follow_up")
    removed = count_text(step["removed_n"], "records") if step and is_removing(step) else "nobody"
    return (
        "Say how long each group was followed, and why it ended.",
        f"Everybody for the same {trial.months} months; left out beforehand, since not followed "
        f"to the end: {removed}.",
        "Deaths and moves abroad are not in the records, and count as no re-offending.",
    )


def _of_the_rate(trial: Trial, rate: Row) -> Iterator[tuple[str, str, Part]]:
    values = [rate.get(f"{arm}_value") for arm in ("treated", "control")]
    is_shown = rate.get("conclusion") != "withheld" and None not in values
    yield (
        *("12", "Outcomes by group"),
        (
            "Give each outcome in each group.",
            f"Re-offended: {values[0]:g}% of those who received the service, {values[1]:g}% of "
            "the others (weighted). The other measures are in the table outcomes."
            if is_shown
            else "The rate is withheld; what can be shown is in the table outcomes.",
            None,
        ),
    )
    yield (
        *("13", "Effect estimates"),
        (
            "Give each effect with its precision, as a difference and as a ratio.",
            quote(trial.request, rate) if is_shown else "The rate is withheld.",
            "No ratio is given.",
        ),
    )


def _after(trial: Trial, parted: list[str]) -> Iterator[tuple[str, str, Part]]:
    """Items 15 to 21: what it means, and who answers for it."""
    yield (
        *("15", "Interpretation"),
        (
            "Say what the findings mean for the question.",
            "The report says what may and what may not be concluded (table statements).",
            None,
        ),
    )
    yield (
        *("16", "Limitations"),
        (
            "Say where trial and records part, and how plausible the assumptions are.",
            f"They part in {len(parted)} of {len(PROTOCOL)} parts of the protocol: "
            f"{', '.join(parted).lower()}.",
            None,
        ),
    )
    yield "17", "Ethics", _ethics(trial.settings)
    n = trial.settings["plan_settings_n"]
    yield (
        *("18", "Registration"),
        (
            "Say where and when the protocol was registered.",
            f"The lab's plan for this request holds {n} settings (table analyses)."
            if n
            else "No plan was made for this request: the settings of the method hold "
            "(table method_settings).",
            "The protocol is in no public register of trials.",
        ),
    )
    yield (
        *("19", "Data and code"),
        (
            "Say what can be had, and where.",
            "The code is open and every published table can be downloaded; the commit is in the "
            "table method_settings.",
            "Records of people are not shared.",
        ),
    )
    for item, component in (("20", "Funding"), ("21", "Interests")):
        yield (
            *(item, component),
            (
                "Name the funders, and what they decided."
                if item == "20"
                else "Name the interests of those who did the work.",
                "Not held in the records of this analysis.",
                "To be stated by whoever publishes the result.",
            ),
        )


def _ethics(settings: Row) -> Part:
    answers = {
        "its governance approved the request": settings["governance_approved"],
        "it accepts the conditions of use": settings["conditions_accepted"],
    }
    given = [text for text, answer in answers.items() if answer == "yes"]
    missing = [text for text, answer in answers.items() if answer != "yes"]
    return (
        "Give the approval.",
        f"The provider says that {' and that '.join(given)}."
        if given
        else "The provider states no approval.",
        f"Not stated: that {' or that '.join(missing)}." if missing else None,
    )
