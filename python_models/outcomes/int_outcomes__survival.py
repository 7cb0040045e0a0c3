from justice_data_lab.statistics import MatchSettings, estimate_survival


def model(dbt, session):
    """Estimate survival without a re-offence; one row per month of an arm of an analysis."""
    members = dbt.ref("int_outcomes__members").order("request_id, analysis_id, person_id")
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    return estimate_survival(
        members.to_arrow_table(),
        matches.to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
