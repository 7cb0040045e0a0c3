from justice_data_lab.statistics import MatchSettings, detectable_table
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Find the smallest difference that each request could have shown; one row per power."""
    failures = Failures("detectable")
    table = detectable_table(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
