from justice_data_lab.disclosure import (
    DisclosureSettings,
    balance_contributors,
    control_balance,
    holds_of,
)
from justice_data_lab.statistics import MatchSettings, read_covariates, settings_by_analysis


def model(dbt, session):
    """Suppress the balance of few people and round the rest; one row per covariate or level."""
    covariates = dbt.ref("covariates").order("covariate_order").to_arrow_table()
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id").to_arrow_table()
    holds = holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table())
    contributors = balance_contributors(
        dbt.ref("int_matching__matches").filter("is_treated").to_arrow_table(),
        dbt.ref("int_cohorts__covariates").to_arrow_table(),
        read_covariates(covariates),
        settings_by_analysis(analyses, MatchSettings()),
        [key for key, hold in holds.items() if hold is None],
    )
    return control_balance(
        dbt.ref("int_matching__balance").to_arrow_table(),
        contributors,
        {covariate.name: covariate.family for covariate in read_covariates(covariates)},
        holds,
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
