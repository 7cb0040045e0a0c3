"""The stages of one analysis, in the order of the work, and what each of them makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.disclosure.outcome_people import (
    MONTHS_SCHEMA,
    PEOPLE_SCHEMA,
    outcome_contributors,
    reoffenders_by_month,
)
from justice_data_lab.robustness.placebo import PLACEBO_SCHEMA, placebo_table
from justice_data_lab.robustness.sensitivity import SENSITIVITY_SCHEMA, sensitivity_table
from justice_data_lab.robustness.sensitivity import Inputs as SensitivityInputs
from justice_data_lab.statistics.adjustment import Adjustment
from justice_data_lab.statistics.balance import BALANCE_SCHEMA, covariate_balance
from justice_data_lab.statistics.balancing import TILTS_SCHEMA, balance_matches
from justice_data_lab.statistics.covariates import Covariate, CovariateValues
from justice_data_lab.statistics.diagnostics import (
    DIAGNOSTICS_SCHEMA,
    OFF_SUPPORT_SCHEMA,
    analysis_diagnostics,
    off_support_characteristics,
)
from justice_data_lab.statistics.gate import GATES_SCHEMA, judge_gates
from justice_data_lab.statistics.guard import FAILURES_SCHEMA, Failures
from justice_data_lab.statistics.matching import MATCHES_SCHEMA, STRATA_SCHEMA, match_controls
from justice_data_lab.statistics.matching import matched_strata as count_strata
from justice_data_lab.statistics.outcomes import OUTCOMES_SCHEMA, estimate_outcomes, scenario_keys
from justice_data_lab.statistics.propensity import (
    MODELS_SCHEMA,
    SCORES_SCHEMA,
    fit_propensities,
    score_propensities,
)
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_by_analysis
from justice_data_lab.statistics.survival import SURVIVAL_SCHEMA, estimate_survival

SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "fits": MODELS_SCHEMA,
    "scores": SCORES_SCHEMA,
    "matches": MATCHES_SCHEMA,
    "tilts": TILTS_SCHEMA,
    "strata": STRATA_SCHEMA,
    "balance": BALANCE_SCHEMA,
    "diagnostics": DIAGNOSTICS_SCHEMA,
    "gates": GATES_SCHEMA,
    "off_support": OFF_SUPPORT_SCHEMA,
    "contributors": PEOPLE_SCHEMA,
    "reoffenders_by_month": MONTHS_SCHEMA,
    "estimates": OUTCOMES_SCHEMA,
    "survival": SURVIVAL_SCHEMA,
    "sensitivity": SENSITIVITY_SCHEMA,
    "placebo": PLACEBO_SCHEMA,
    "failures": FAILURES_SCHEMA,
}
"""What the stages make, by name: the side tables of the model."""


@dataclass(frozen=True)
class Inputs:
    """What all analyses share.

    analyses: one row per analysis (``int_cohorts__analyses``). values: covariates of every event
    that could be in one, read once. common: the settings that an analysis cannot set for itself;
    settings: those of each. scenarios: the analyses that show how sensitive a result is.
    """

    analyses: pa.Table
    covariates: Sequence[Covariate]
    values: CovariateValues
    common: MatchSettings
    settings: Mapping[AnalysisKey, MatchSettings]
    scenarios: frozenset[AnalysisKey]

    @classmethod
    def of(
        cls,
        analyses: pa.Table,
        covariates: Sequence[Covariate],
        values: CovariateValues,
        common: MatchSettings,
    ) -> Inputs:
        """Read the settings of every analysis; ValueError names one that is out of range."""
        settings = settings_by_analysis(analyses, common)
        scenarios = frozenset(scenario_keys(analyses))
        return cls(analyses, covariates, values, common, settings, scenarios)

    def analyses_of(self, request_id: str) -> pa.Table:
        """Return the analyses of one request."""
        return self.analyses.filter(pc.equal(self.analyses["request_id"], request_id))


@dataclass
class Analysis:
    """One analysis on its way through the stages.

    cohort: its members with their outcomes. tables: what the stages before have made, by name.
    ended_by: the first stage that failed; those after it find nobody matched.
    """

    key: AnalysisKey
    cohort: pa.Table
    inputs: Inputs
    tables: dict[str, pa.Table] = field(default_factory=dict)
    failures: list[dict[str, object]] = field(default_factory=list)
    ended_by: str | None = None

    @property
    def standing_matches(self) -> pa.Table:
        """The matches, or none where a stage before has failed."""
        matches = self.tables["matches"]
        return matches if self.ended_by is None else matches.slice(0, 0)

    def run(self, stage: str, work: Stage) -> None:
        """Do one stage, and note what failed in it."""
        failures = Failures(stage)
        self.tables |= work(self, failures)
        self.failures += failures.rows
        if failures.rows and self.ended_by is None:
            self.ended_by = stage


Stage = Callable[[Analysis, Failures], dict[str, pa.Table]]


def estimate_analysis(key: AnalysisKey, cohort: pa.Table, inputs: Inputs) -> Analysis:
    """Take one analysis through all stages."""
    analysis = Analysis(key, cohort, inputs)
    for name, work in STAGES.items():
        analysis.run(name, work)
    return analysis


def _fits(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = one.inputs
    return {
        "fits": fit_propensities(
            one.cohort, of.values, of.covariates, of.settings, failures=failures
        )
    }


def _scores(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = one.inputs
    scores = score_propensities(
        one.cohort, of.values, of.covariates, one.tables["fits"], of.settings, failures=failures
    )
    return {"scores": scores}


def _matches(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of, scores = one.inputs, one.tables["scores"]
    matched = match_controls(scores, of.settings, failures=failures)
    balanced = balance_matches(
        matched, scores, one.cohort, of.values, of.covariates, of.settings, failures=failures
    )
    return {
        "matches": balanced.matches,
        "tilts": balanced.tilts,
        "strata": count_strata(balanced.matches),
    }


def _balance(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = one.inputs
    return {
        "balance": covariate_balance(
            one.tables["matches"], of.values, of.covariates, of.settings, failures=failures
        )
    }


def _diagnostics(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    made = one.tables
    diagnostics = analysis_diagnostics(
        made["fits"], made["scores"], made["matches"], made["balance"], failures=failures
    )
    return {"diagnostics": diagnostics}


def _gates(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    made = one.tables
    gates = judge_gates(
        made["diagnostics"],
        made["balance"],
        made["tilts"],
        one.inputs.covariates,
        failures=failures,
    )
    return {"gates": gates}


def _off_support(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = one.inputs
    return {
        "off_support": off_support_characteristics(
            one.tables["matches"], of.values, of.covariates, of.settings, failures=failures
        )
    }


def _people(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    matches = one.tables["matches"]
    return {
        "contributors": outcome_contributors(one.cohort, matches, failures=failures),
        "reoffenders_by_month": reoffenders_by_month(one.cohort, matches, failures=failures),
    }


def _estimates(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = one.inputs
    estimates = estimate_outcomes(
        one.cohort,
        one.standing_matches,
        of.common,
        adjustment=Adjustment(of.values, of.covariates, of.settings),
        scenarios=of.scenarios,
        failures=failures,
    )
    return {"estimates": estimates}


def _survival(one: Analysis, failures: Failures) -> dict[str, pa.Table]:
    matches = one.standing_matches
    return {
        "survival": estimate_survival(one.cohort, matches, one.inputs.common, failures=failures)
    }


STAGES: Final[Mapping[str, Stage]] = {
    "fits": _fits,
    "scores": _scores,
    "matches": _matches,
    "balance": _balance,
    "diagnostics": _diagnostics,
    "gates": _gates,
    "off_support": _off_support,
    "people": _people,
    "estimates": _estimates,
    "survival": _survival,
}
"""The stages of every analysis, in their order; each is given what those before it made."""


def _sensitivity(headline: Analysis, failures: Failures) -> dict[str, pa.Table]:
    """Estimate a headline under every scenario; its tables are those of its whole request."""
    of, made = headline.inputs, headline.tables
    inputs = SensitivityInputs(
        cohort=headline.cohort,
        scores=made["scores"],
        covariate_values=of.values,
        covariates=of.covariates,
        analyses=of.analyses_of(headline.key[0]),
        estimates=made["estimates"],
        diagnostics=made["diagnostics"],
    )
    return {"sensitivity": sensitivity_table(inputs, of.common, failures=failures)}


def _placebo(headline: Analysis, failures: Failures) -> dict[str, pa.Table]:
    of = headline.inputs
    placebo = placebo_table(
        headline.cohort,
        headline.tables,
        of.values,
        of.covariates,
        of.settings[headline.key],
        key=headline.key,
        failures=failures,
    )
    return {"placebo": placebo}


REQUEST_STAGES: Final[Mapping[str, Stage]] = {"sensitivity": _sensitivity, "placebo": _placebo}
"""The stages of a headline that need the results of its request's other analyses."""
