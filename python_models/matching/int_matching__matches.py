from justice_data_lab.statistics import MatchSettings, match_controls, settings_by_analysis
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Match by radius with replacement; one row per person of an analysis, with the weight."""
    failures = Failures("matches")
    table = match_controls(
        dbt.ref("int_matching__scores").to_arrow_table(),
        settings_by_analysis(
            dbt.ref("int_cohorts__analyses").to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
