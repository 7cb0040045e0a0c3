from justice_data_lab.statistics import MatchSettings, estimate_survival


def model(dbt, session):
    """Estimate survival without a re-offence; one row per month of an arm of an analysis."""
    return estimate_survival(
        dbt.ref("int_outcomes__members").to_arrow_table(),
        dbt.ref("int_matching__matches").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
