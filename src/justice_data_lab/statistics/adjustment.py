"""What the doubly robust estimates of the pipeline need: who is fitted, and on which columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from justice_data_lab.measures import Measure
from justice_data_lab.statistics.arrow import (
    BoolArray,
    FloatArray,
    IntArray,
)
from justice_data_lab.statistics.covariates import (
    Covariate,
    CovariateValues,
    covariates_of,
    read_values,
)
from justice_data_lab.statistics.doubly_robust import (
    ScreenedControls,
    compare_residuals,
    fit_screened,
    screen_controls,
)
from justice_data_lab.statistics.newton import take_rows
from justice_data_lab.statistics.people import People
from justice_data_lab.statistics.settings import AnalysisKey, MatchSettings, settings_of
from justice_data_lab.statistics.support import Support, build_design


def outcome_design(
    places: IntArray, treated: BoolArray, values: CovariateValues, covariates: Sequence[Covariate]
) -> tuple[list[str], FloatArray]:
    """Return the terms and columns of the outcome model: those of the score, for these people."""
    everybody = Support(on_support=np.ones(len(places), dtype=bool), off_levels={})
    terms, design = build_design(places, ~treated, values, covariates, everybody)
    return [term.name for term in terms if term.status == "estimated"], design


class Adjustment:
    """Designs of the outcome models, from the covariates of all events."""

    def __init__(
        self,
        covariate_values: pa.Table | CovariateValues,
        covariates: Sequence[Covariate],
        settings: MatchSettings | Mapping[AnalysisKey, MatchSettings],
    ) -> None:
        """Read the tables; arguments as for ``fit_propensities``."""
        self._covariates = tuple(covariates)
        self._settings = settings
        self._values = read_values(covariate_values, covariates)

    def of(self, people: People) -> Residuals:
        """Return the designs of one analysis, a stratum each.

        Fitted and predicted are the matched: with delays every matched control was at risk when
        somebody whom it stands for started, and its weight says for how many.
        """
        designs = []
        covariates = covariates_of(self._covariates, settings_of(self._settings, people.key))
        places = self._values.places(people.event_id)
        for part in people.strata:
            used = np.flatnonzero(people.is_matched[part]) + part.start
            treated = people.treated[used]
            if len(used):
                columns = outcome_design(places[used], treated, self._values, covariates)[1]
                designs.append((used, columns))
        return Residuals(designs)


@dataclass(frozen=True)
class Residuals:
    """The designs of one analysis: the matched rows that each is of, and its columns."""

    designs: list[tuple[IntArray, FloatArray]]
    _known: dict[tuple[int, bytes], ScreenedControls] = field(default_factory=dict)

    def estimate(
        self, measure: Measure, outcome: FloatArray, people: People, settings: MatchSettings
    ) -> dict[str, object]:
        """Return the doubly robust columns of a measure; null where no model can be fitted.

        outcome: NaN outside the population, whose controls alone are fitted. The strata have
        models of their own; their residuals are pooled.
        """
        expected, weight = np.zeros(len(outcome)), np.zeros(len(outcome))
        ridge = 0.0
        for rows, design in self.designs:
            inside = ~np.isnan(outcome[rows])
            some, treated = rows[inside], people.treated[rows[inside]]
            if not treated.any():
                continue
            if treated.all():
                return {}
            population = self._screened(rows, inside, design, treated)
            model = fit_screened(
                outcome[some], population, people.weight[some], measure.kind, settings
            )
            if not model.converged:
                return {}
            ridge = max(ridge, model.ridge)
            expected[some], weight[some] = model.expected, people.weight[some]
        found = compare_residuals(
            np.nan_to_num(outcome),
            expected,
            people.treated,
            weight,
            measure.kind,
            settings,
            people.clusters,
            ridge=ridge,
        )
        if found is None:
            return {}
        return {
            "dr_difference": measure.scale * found.difference,
            "dr_lower": measure.scale * found.lower,
            "dr_upper": measure.scale * found.upper,
            "dr_p_value": found.p_value,
            "dr_method": found.method,
            "dr_ridge": found.ridge,
        }

    def _screened(
        self, rows: IntArray, inside: BoolArray, design: FloatArray, treated: BoolArray
    ) -> ScreenedControls:
        """Return the screened design of a population; most measures share theirs with others."""
        key = (int(rows[0]), inside.tobytes())
        if key not in self._known:
            some = design if inside.all() else take_rows(design, np.flatnonzero(inside))
            self._known[key] = screen_controls(some, treated)
        return self._known[key]
