from justice_data_lab.statistics import MatchSettings, power_table
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Find the treated group that each reduction would need; one row per reduction."""
    failures = Failures("power")
    table = power_table(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
