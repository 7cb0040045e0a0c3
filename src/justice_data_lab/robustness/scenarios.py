"""What is changed, one thing at a time, to see whether a headline depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.settings import MatchSettings

Family = Literal[
    "headline",
    "width",
    "scale",
    "matching",
    "condition",
    "scope",
    "region",
    "oasys",
    "covariates",
    "pool",
    "balance",
    "estimator",
]
Estimator = Literal["radius", "nearest", "inverse_odds", "doubly_robust"]
People = Literal[
    "all",
    "assessed",
    "not_assessed",
    "first_event",
    "one_event",
    "linked_never",
    "not_treated_elsewhere",
]
POOLS: Mapping[People, str] = {
    "first_event": "Of every control only the first event",
    "one_event": "Of every control one event, drawn as in the years before",
    "linked_never": "Without any event of people whom the request links",
    "not_treated_elsewhere": "Without people whom another request links",
}
WIDTHS = (0.05, 0.1, 0.2, 0.5)
NEIGHBOURS = (1, 5)
CONDITIONS = {
    "risk_set": "Controls stand for a delay that they lived to see (risk set)",
    "fixed": "Controls without a re-offence in the whole window (fixed)",
    "none": "Controls without any condition on re-offending (none)",
}
OF_ANALYSES: Mapping[str, tuple[Family, str]] = {
    "headline": ("headline", "The headline"),
    "regional": ("region", "Controls from the same region only"),
    "scope_ever": ("scope", "Without anybody who ever committed a sexual offence"),
    "scope_ever_before": ("scope", "Without anybody with a sexual offence before or at the index"),
    "scope_index": ("scope", "Without people whose index offence is sexual"),
}
"""Scenarios that are analyses of their own, fitted and matched with the others of the build."""
OASYS = "oasys"
NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One way to do the headline differently.

    name, family, description: as shown. changes: settings that differ from the headline's.
    is_refitted: whether the score must be fitted anew. estimator: ``radius`` unless it is what
    changes; neighbours: how many nearest, 0 for the other estimators. people: all of the
    headline, those with or without an OASys assessment, or a narrower pool of controls.
    """

    name: str
    family: Family
    description: str
    changes: Mapping[str, object] = field(default_factory=dict)
    is_refitted: bool = False
    estimator: Estimator = "radius"
    neighbours: int = 0
    people: People = "all"


def scenarios_of(
    settings: MatchSettings, covariates: Sequence[Covariate], *, has_delays: bool
) -> tuple[Scenario, ...]:
    """Return the scenarios of a headline, in the order of the table, without the headline itself.

    settings: of the headline; a scenario equal to it is left out. has_delays: the conditions
    differ only for a service that starts some days after the index date. A family of covariates
    of which the headline uses none is no scenario, and neither is the last one that it uses.
    """
    return (
        *_of_the_match(settings),
        *(_of_conditions(settings) if has_delays else ()),
        *_of_covariates(settings, covariates),
        *_of_the_pool(),
    )


def _of_the_pool() -> list[Scenario]:
    """Return the pools that another rule would have given; see methodology section 4."""
    return [
        Scenario(name=name, family="pool", description=text, is_refitted=True, people=name)
        for name, text in POOLS.items()
    ]


def _of_the_match(settings: MatchSettings) -> list[Scenario]:
    found = [
        Scenario(
            name=f"width_{width:g}".replace(".", "_"),
            family="width",
            description=f"Radius of {width:g} standard deviations",
            changes={"width": width, "width_unit": "sd"},
        )
        for width in WIDTHS
        if (width, "sd") != (settings.width, settings.width_unit)
    ]
    found.append(
        Scenario(
            name="untilted" if settings.is_tilted else "tilted",
            family="balance",
            description="Weights as matched, without exact balance"
            if settings.is_tilted
            else "Weights balanced exactly after matching",
            changes={"is_tilted": not settings.is_tilted},
        )
    )
    other = "probability" if settings.scale == "logit" else "logit"
    # a radius in raw units of one scale means nothing on the other
    unit = {} if settings.width_unit == "sd" else {"width": 0.05, "width_unit": "sd"}
    found.append(
        Scenario(
            name=f"scale_{other}",
            family="scale",
            description=f"Radius on the {other} scale",
            changes={"scale": other, **unit},
        )
    )
    found += [
        Scenario(
            name=f"nearest_{number}",
            family="matching",
            description=f"The {number} nearest controls within the radius"
            if number > 1
            else "The nearest control within the radius",
            estimator="nearest",
            neighbours=number,
        )
        for number in NEIGHBOURS
    ]
    found.append(
        Scenario(
            name="inverse_odds",
            family="matching",
            description="All controls, weighted by their odds of treatment; no radius",
            estimator="inverse_odds",
        )
    )
    return found


def _of_conditions(settings: MatchSettings) -> list[Scenario]:
    return [
        Scenario(
            name=f"condition_{condition}",
            family="condition",
            description=description,
            changes={"control_condition": condition},
            is_refitted=True,
        )
        for condition, description in CONDITIONS.items()
        if condition != settings.control_condition
    ]


def _of_covariates(settings: MatchSettings, covariates: Sequence[Covariate]) -> list[Scenario]:
    known = {covariate.name for covariate in covariates}
    found = []
    if "region" in known and "region" not in settings.added:
        found.append(
            Scenario(
                name="region_covariate",
                family="region",
                description="With region among the covariates",
                changes={"added": (*settings.added, "region")},
                is_refitted=True,
            )
        )
    needs = tuple(covariate.name for covariate in covariates if covariate.family == OASYS)
    if needs:
        found += _of_oasys(settings, needs)
    return found + _of_families(settings, covariates)


def _of_oasys(settings: MatchSettings, needs: tuple[str, ...]) -> list[Scenario]:
    """Return the three runs of the later reports."""
    runs: tuple[tuple[str, str, dict[str, object], People], ...] = (
        (
            "oasys_with",
            "People with an OASys assessment, its needs among the covariates",
            {"added": (*settings.added, *needs)},
            "assessed",
        ),
        ("oasys_without", "The same people without these covariates", {}, "assessed"),
        ("oasys_not_linked", "People without an OASys assessment", {}, "not_assessed"),
    )
    return [
        Scenario(
            name=name,
            family="oasys",
            description=description,
            changes=changes,
            is_refitted=True,
            people=people,
        )
        for name, description, changes, people in runs
    ]


def _of_families(settings: MatchSettings, covariates: Sequence[Covariate]) -> list[Scenario]:
    used: dict[str, list[str]] = {}
    for covariate in covariates:
        if covariate.is_in_headline and covariate.name not in settings.left_out:
            used.setdefault(covariate.family, []).append(covariate.name)
    if len(used) < 2:
        return []
    return [
        Scenario(
            name=f"without_{family}",
            family="covariates",
            description=f"Without the covariates of {family.replace('_', ' ')}",
            changes={"left_out": (*settings.left_out, *names)},
            is_refitted=True,
        )
        for family, names in used.items()
    ]
