"""The protocol of the trial that a request stands in for, part by part, with its emulation.

Items 6a to 6h and 7a to 7h of the TARGET statement (Cashin, Hansford, Hernan et al. 2025, JAMA 334,
1084-1093), each as the target, what was done in its place, and where the two part. Every text
follows from the request's settings, answers and published figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from justice_data_lab.gates import failed
from justice_data_lab.statements.rows import Row

Part = tuple[str, str, str | None]
"""What the trial would do, what was done, and where that departs from it (None: nowhere)."""

EVENTS: Final = {
    "community_sentence": "a community order or suspended sentence order",
    "prison_release": "a release from prison",
    "either": "a community order, a suspended sentence order or a release from prison",
}
DELIVERED: Final = {
    "custody": "in custody",
    "community": "in the community",
    "through_the_gate": "through the gate, from custody into the community",
}
SCOPES: Final = {
    "ever": "no sex offence on record",
    "ever_before": "no earlier sex offence on record",
    "index": "no sexual index offence",
}
FITS: Final = {"cox": "Cox regression of the delay", "logistic": "logistic regression"}
METHODS: Final = {
    "welch_effective": "Welch's t-test on weighted means, with the effective size",
    "robust_t": "a t-test with the variance of the weights",
    "newcombe_effective": "Newcombe's interval for rare events",
}
OTHER_REASONS: Final = "Other reasons: "


@dataclass(frozen=True)
class Trial:
    """The published rows of one request that its card is written from.

    settings: its answers and settings. request: its row of ``requests``. analysis: the headline's
    sizes and settings. attrition, pool_attrition: both waterfalls, in order. outcomes: the
    headline's, by measure. year_before: its row, or none. gates: of the headline. sensitivity: rows
    of the rate.
    """

    settings: Row
    request: Row
    analysis: Row
    attrition: Sequence[Row] = ()
    pool_attrition: Sequence[Row] = ()
    outcomes: Mapping[str, Row] = field(default_factory=dict)
    year_before: Row | None = None
    gates: Sequence[Row] = ()
    sensitivity: Sequence[Row] = ()

    @property
    def event(self) -> str:
        """The index event in words."""
        return EVENTS[self.settings["index_event"]]

    @property
    def is_in_custody(self) -> bool:
        """Whether the service is received before the release, so that nobody has a delay."""
        return bool(self.settings["delivered_in"] == "custody")

    @property
    def months(self) -> int:
        """Months of the follow-up."""
        return int(self.settings["follow_up_months"])

    @property
    def rate(self) -> Row:
        """The headline's row of the rate; empty where there is none."""
        return self.outcomes.get("rate", {})

    def step(self, reason: str) -> Row | None:
        """Return the step of the waterfall of one reason alone."""
        return next((row for row in self.attrition if row["reason"] == reason), None)


def joined(parts: Iterable[str | None]) -> str | None:
    """Return the sentences that are said, one after another; None where there is none."""
    return " ".join(part for part in parts if part) or None


def count_text(count: int | None, noun: str = "") -> str:
    """Write a published count; one that is hidden as words."""
    if count is not None:
        return f"{count:,} {noun}".strip()
    return f"a number{f' of {noun}' if noun else ''} that is not shown"


def date_text(day: date) -> str:
    """Write a day as "4 April 2014"."""
    return f"{day.day} {day:%B %Y}"


def is_removing(row: Row | None) -> bool:
    """Whether a step is known to have left somebody out, shown or not."""
    return row is not None and row["removed_n"] != 0 and not _is_in_another_step(row)


def _is_in_another_step(row: Row) -> bool:
    return bool(row["is_merged"]) and row["removed_n"] is None


def eligibility(trial: Trial) -> Part:
    """6a and 7a: who is let in."""
    scope = SCOPES[trial.analysis["sex_offence_scope"]]
    years = _years(trial.request)
    free = "" if trial.is_in_custody else " and no proven offence since"
    target = (
        f"Everybody with {trial.event}{years} who has, on the day of assignment, {scope}{free}."
    )
    sent, analysed = trial.request["submitted_n"], trial.request["analysed_n"]
    reasons = [_reason(row) for row in trial.attrition if is_removing(row)]
    left_out = f" Left out, each at its first reason: {', '.join(reasons)}." if reasons else ""
    emulation = (
        f"The provider sent {count_text(sent, 'records')}; {count_text(analysed, 'people')} were "
        f"analysed.{left_out}"
    )
    return target, emulation, joined(_looking_ahead(trial))


def _years(request: Row) -> str:
    first, last = request["started_from_year"], request["started_to_year"]
    if first is None:
        return ""
    span = f"in {first}" if first == last else f"from {first} to {last}"
    return f", whose service would start {span},"


def _reason(row: Row) -> str:
    text = str(row["description"]).removeprefix(OTHER_REASONS).replace("; ", " / ")
    return f"{count_text(row['removed_n'])} ({text[:1].lower()}{text[1:]})"


def _looking_ahead(trial: Trial) -> Iterable[str | None]:
    yield "The provider names who received the service; nobody is screened on the day."
    if trial.analysis["sex_offence_scope"] == "ever":
        yield "A sex offence after that day excludes too, which a trial could not know."
    if is_removing(trial.step("incomplete_follow_up")):
        yield (
            f"People whose {trial.months} months and wait for proof were not complete by "
            f"{date_text(trial.settings['reoffending_data_to'])} are left out; a trial would wait "
            "for them."
        )


def strategies(trial: Trial) -> Part:
    """6b and 7b: the service, and what it is compared with."""
    window = trial.settings["window_months"]
    start = (
        "Receive the service in custody, before the release"
        if trial.is_in_custody
        else f"Start the service within {window} months of {trial.event}"
    )
    target = f"{start}, or do not receive it; everything else as usual in both groups."
    where = DELIVERED.get(trial.settings["delivered_in"], "place not stated")
    pool = trial.analysis["pool_n"]
    emulation = (
        f"The service ({where}) counts as received from the start that the provider recorded. "
        f"The others are {count_text(pool, 'index events')} of people whom the request does not "
        "name, or names only with a later start."
    )
    elsewhere = [row for row in trial.pool_attrition if row["step"] == "kept_linked_elsewhere"]
    return (
        target,
        emulation,
        joined(
            (
                "Every start counts, however much was attended. The others may have had other "
                "services, and are not known to have had nothing.",
                "Some of them received a service of another request."
                if any(row["removed_n"] != 0 for row in elsewhere)
                else None,
            )
        ),
    )


def assignment(trial: Trial) -> Part:
    """6c and 7c: chance there, matching and weights here."""
    analysis = trial.analysis
    unit = "standard deviations" if analysis["match_width_unit"] == "sd" else "units"
    fits = " and ".join(
        FITS[fit] for fit in str(analysis["fit_method"] or "").split(", ") if fit in FITS
    )
    exact, left_out = _names(analysis["exact_on"]), _names(analysis["left_out"])
    emulation = joined(
        (
            "By referral and choice. Each treated person is compared with everybody whose score"
            f"{f' ({fits})' if fits else ''} lies within {analysis['match_width']:g} {unit} on "
            f"the {analysis['match_scale']} scale.",
            f"Both also have the same {exact}." if exact else None,
            "The weights are then balanced exactly on the recorded characteristics."
            if trial.settings["is_tilted"]
            else "The weights are not balanced further.",
        )
    )
    departure = joined(
        (
            "Chance did not assign. What is not recorded, such as motivation, may differ.",
            f"The plan leaves out of the score: {left_out}." if left_out else None,
            "Recorded characteristics still differ after matching."
            if analysis["balance_verdict"] == "poor"
            else None,
        )
    )
    return (
        "By chance, person by person, to the service or to the comparison; both would know.",
        str(emulation),
        departure,
    )


def _names(names: str | None) -> str:
    return (names or "").replace("_", " ").replace(",", ", ")


def follow_up(trial: Trial) -> Part:
    """6d and 7d: where time starts, by the reading of the equivalent time."""
    months = trial.months
    if trial.is_in_custody:
        return (
            f"From the release of each person, for {months} months.",
            f"The same day for both groups, for {months} months. Nobody has a delay between "
            "release and service.",
            "Assignment comes before the release: who was not released in time is not seen.",
        )
    emulation, departure = _READINGS[trial.analysis["control_condition"]]
    gate = (
        " Those whose service began in custody have no delay."
        if trial.settings["delivered_in"] == "through_the_gate"
        else ""
    )
    return (
        f"From the day of assignment, which is the start of the service, for {months} months.",
        f"{months} months from the sentence or release, not from the start. {emulation}{gate}",
        f"The days before the start belong to the year of both groups. {departure}",
    )


_READINGS: Final = {
    "risk_set": (
        "Somebody may be compared with a treated person who started after d days only if they had "
        "not re-offended by day d, and that sentence or release was still their latest.",
        "Nobody in either group re-offends in them, so both rates are lower than those of a trial.",
    ),
    "fixed": (
        "Nobody is compared who re-offended within the whole window.",
        "The others had to stay free of re-offending for longer than most treated people: this "
        "makes the service look worse than it is.",
    ),
    "none": (
        "Whether the others re-offended before a treated person started is not asked.",
        "Treated people had to stay free of re-offending until their start and the others did "
        "not (immortal time): this makes the service look better than it is.",
    ),
}


def outcomes(trial: Trial) -> Part:
    """6e and 7e: what is counted."""
    shown = [row for row in trial.outcomes.values() if row["conclusion"] != "withheld"]
    withheld = len(trial.outcomes) - len(shown)
    hidden = f" (withheld: {withheld})" if withheld else ""
    waiting = trial.settings["waiting_months"]
    return (
        f"Whether a person commits an offence within {trial.months} months that is proven (a "
        f"conviction, caution, reprimand or warning) in them or the {waiting} months after.",
        "The same, from police records complete to "
        f"{date_text(trial.settings['reoffending_data_to'])}. The rate is the primary outcome of "
        f"{len(shown)} measures that are shown{hidden}.",
        "Offending that is not proven is not seen, and days in custody count as days of the year.",
    )


def contrast(trial: Trial) -> Part:
    """6f and 7f: the estimand."""
    analysis = trial.analysis
    off_support = analysis["off_support_n"]
    return (
        "The difference between the rates of all assigned to the service and of all others, in "
        "percentage points (intention to treat).",
        f"The difference for the {count_text(analysis['matched_n'], 'people')} who received the "
        "service and have comparable people (the effect on the treated).",
        joined(
            (
                "It is the effect of starting on those who started, not of an offer to all.",
                f"Outside it, with nobody comparable: {count_text(off_support, 'people')}."
                if off_support != 0
                else None,
            )
        ),
    )


def assumptions(trial: Trial) -> Part:
    """6g and 7g: what identifies the effect, and what speaks for or against it."""
    share = trial.analysis["equipoise"]
    seen = f" ({share:g}% of those who started are in equipoise)" if share is not None else ""
    emulation = joined(
        (
            "Among people alike on record, who received the service does not depend on what they "
            "would have done without it (no unmeasured confounding); each could have been in "
            f"either group{seen}; the service is one service.",
            _YEAR_BEFORE[None if trial.year_before is None else trial.year_before["passes"]],
        )
    )
    bound = trial.rate.get("e_value_bound")
    strength = (
        "To explain the result away, an unrecorded factor would have to go with both the service "
        f"and re-offending by a ratio of {bound:g} or more (E-value of the limit)."
        if bound is not None and bound > 1
        else None
    )
    return (
        "Chance alone makes the groups alike; nobody's service changes what another does.",
        str(emulation),
        joined(("None of this can be proven from the records.", *_gates(trial), strength)),
    )


def _gates(trial: Trial) -> Iterator[str]:
    for gate, is_overridden in failed(trial.gates):
        ending = ", which the lab overrides" if is_overridden else ""
        yield f"A gate before results fails: {gate.failure}{ending}."


_YEAR_BEFORE: Final = {
    True: "In the year before, the two groups offended alike.",
    False: "In the year before, the two groups did not offend alike.",
    None: "How they offended in the year before is not shown.",
}


def analysis_plan(trial: Trial) -> Part:
    """6h and 7h: the test, and what is missing."""
    method = METHODS.get(trial.rate.get("method", ""), "the interval named with each result")
    controls, effective = (
        trial.analysis[name] for name in ("matched_control_n", "control_effective_n")
    )
    sized = None not in (controls, effective)
    return (
        "Compare the rates as assigned, with a 95% interval and a two-sided test at 5%.",
        f"The rate by {method}, tested alone at 5%; the other measures allow for one another "
        "(Holm). An unknown value of a characteristic is a value of its own.",
        f"Weights cost precision: {controls:,} index events count as {effective:,}."
        if sized
        else "Weights cost precision.",
    )
