from justice_data_lab.statistics import (
    MatchSettings,
    off_support_characteristics,
    read_covariates,
    settings_by_analysis,
)
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Describe the treated without a control beside the matched; one row per covariate level."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    failures = Failures("off_support")
    table = off_support_characteristics(
        dbt.ref("int_matching__matches").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(dbt.ref("int_cohorts__analyses").to_arrow_table(), MatchSettings()),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
