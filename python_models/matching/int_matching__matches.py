from justice_data_lab.statistics import MatchSettings, match_controls


def model(dbt, session):
    """Match by radius with replacement; one row a person of an analysis, with the weight."""
    scores = dbt.ref("int_matching__scores").order("request_id, analysis_id, person_id")
    return match_controls(
        scores.to_arrow_table(),
        MatchSettings.from_mapping(dbt.config.get("meta")),
    )
