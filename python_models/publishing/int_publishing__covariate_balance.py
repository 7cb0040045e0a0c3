from justice_data_lab.disclosure import (
    DisclosureSettings,
    balance_contributors,
    control_balance,
    holds_of,
)
from justice_data_lab.statistics import MatchSettings, read_covariates, settings_by_analysis
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Suppress the balance of few people and round the rest; one row per covariate or level."""
    read = read_covariates(dbt.ref("covariates").order("covariate_order").to_arrow_table())
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id").to_arrow_table()
    values = dbt.ref("int_cohorts__covariates").to_arrow_table()
    used = settings_by_analysis(analyses, MatchSettings())
    families = {covariate.name: covariate.family for covariate in read}
    holds = holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table())
    shown = [key for key, hold in holds.items() if hold is None]
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())

    def control(balance, matches):
        requests = set(matches["request_id"].unique().to_pylist())
        own = [key for key in shown if key[0] in requests]
        contributors = balance_contributors(matches, values, read, used, own)
        return control_balance(balance, contributors, families, holds, settings)

    return keep_each_request(
        session,
        dbt.this,
        control,
        dbt.ref("int_matching__balance").to_arrow_table(),
        dbt.ref("int_matching__matches").filter("is_treated").to_arrow_table(),
    )
