"""The arithmetic of the lab: propensity, matching, balance, outcomes and power.

Read the modules in the order of the work: ``settings``, ``covariates``, ``conditions``,
``support``, ``newton``, ``glm``, ``cox``, ``propensity``, ``radius``, ``matching``,
``weighted``, ``balance``, ``diagnostics``, ``intervals``, ``measures``, ``contrast``, ``people``,
``doubly_robust``, ``adjustment``, ``outcomes``, ``survival``, ``interactions``,
``meta_analysis``, ``power``.
Everything is Arrow or numpy in and out, and knows nothing of dbt.

Importing the package holds BLAS to one thread, for the whole process: sums of floats then do
not depend on how many cores a machine has, and small fits do not fight over them.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402, F401
import scipy.linalg  # noqa: E402, F401
from threadpoolctl import threadpool_limits  # noqa: E402

# The variables above are read when a library is loaded; numpy may have been loaded before.
_BLAS_LIMIT = threadpool_limits(limits=1, user_api="blas")

from justice_data_lab.statistics.adjustment import Adjustment  # noqa: E402
from justice_data_lab.statistics.balance import covariate_balance  # noqa: E402
from justice_data_lab.statistics.balancing import balance_matches  # noqa: E402
from justice_data_lab.statistics.covariates import Covariate, read_covariates  # noqa: E402
from justice_data_lab.statistics.diagnostics import (  # noqa: E402
    analysis_diagnostics,
    off_support_characteristics,
)
from justice_data_lab.statistics.interactions import compare_subgroups  # noqa: E402
from justice_data_lab.statistics.matching import match_controls  # noqa: E402
from justice_data_lab.statistics.meta_analysis import combine_requests  # noqa: E402
from justice_data_lab.statistics.outcomes import (  # noqa: E402
    estimate_outcomes,
    scenario_keys,
)
from justice_data_lab.statistics.power import (  # noqa: E402
    detectable_table,
    minimum_treated_n,
    power_table,
)
from justice_data_lab.statistics.propensity import (  # noqa: E402
    fit_propensities,
    score_propensities,
)
from justice_data_lab.statistics.settings import (  # noqa: E402
    MatchSettings,
    settings_by_analysis,
)
from justice_data_lab.statistics.survival import estimate_survival  # noqa: E402

__all__ = [
    "Adjustment",
    "Covariate",
    "MatchSettings",
    "analysis_diagnostics",
    "balance_matches",
    "combine_requests",
    "compare_subgroups",
    "covariate_balance",
    "detectable_table",
    "estimate_outcomes",
    "estimate_survival",
    "fit_propensities",
    "match_controls",
    "minimum_treated_n",
    "off_support_characteristics",
    "power_table",
    "read_covariates",
    "scenario_keys",
    "score_propensities",
    "settings_by_analysis",
]
