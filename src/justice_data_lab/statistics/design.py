"""Score, match and balance in one go: what the headline, the year before and a scenario share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from justice_data_lab.statistics.balancing import balance_matches
from justice_data_lab.statistics.covariates import Covariate
from justice_data_lab.statistics.guard import Failures
from justice_data_lab.statistics.matching import match_controls
from justice_data_lab.statistics.propensity import fit_propensities, score_propensities
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings


@dataclass(frozen=True)
class ComparedGroups:
    """Models, scores, final matches and tilts, as their own entry points return them."""

    models: pa.Table
    scores: pa.Table
    matches: pa.Table
    tilts: pa.Table


def compare_groups(
    cohort: pa.Table,
    covariate_values: pa.Table,
    covariates: Sequence[Covariate],
    settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    *,
    failures: Failures | None = None,
) -> ComparedGroups:
    """Fit the score, match by radius and balance exactly; arguments as for ``balance_matches``."""
    given = (covariate_values, covariates)
    models = fit_propensities(cohort, *given, settings, failures=failures)
    scores = score_propensities(cohort, *given, models, settings, failures=failures)
    matches = match_controls(scores, settings, failures=failures)
    balanced = balance_matches(matches, scores, cohort, *given, settings, failures=failures)
    return ComparedGroups(models, scores, balanced.matches, balanced.tilts)
