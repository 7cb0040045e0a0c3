from justice_data_lab.statistics import MatchSettings, power_table


def model(dbt, session):
    """Find the treated group that each reduction would need; one row per reduction."""
    return power_table(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
