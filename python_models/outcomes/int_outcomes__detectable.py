from justice_data_lab.statistics import MatchSettings, detectable_table


def model(dbt, session):
    """Find the smallest difference that each request could have shown; one row per power."""
    return detectable_table(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
