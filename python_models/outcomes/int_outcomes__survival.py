from justice_data_lab.statistics import MatchSettings, estimate_survival
from justice_data_lab.statistics.guard import Failures, without_failed


def model(dbt, session):
    """Estimate survival without a re-offence; one row per month of an arm of an analysis."""
    matches = without_failed(dbt.ref("int_matching__matches"), dbt.ref("int_matching__failures"))
    failures = Failures("survival")
    table = estimate_survival(
        dbt.ref("int_outcomes__members").to_arrow_table(),
        matches.to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
