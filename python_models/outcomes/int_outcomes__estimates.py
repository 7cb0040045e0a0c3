from justice_data_lab.statistics import MatchSettings, estimate_outcomes


def model(dbt, session):
    """Estimate every measure of every analysis; one row a measure."""
    members = dbt.ref("int_cohorts__members").order("request_id, analysis_id, person_id")
    matches = dbt.ref("int_matching__matches").order("request_id, analysis_id, person_id")
    return estimate_outcomes(
        members.to_arrow_table(),
        matches.to_arrow_table(),
        MatchSettings.from_mapping(dbt.config.get("meta")),
    )
