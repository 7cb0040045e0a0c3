from justice_data_lab.statistics import MatchSettings, match_controls, settings_by_analysis


def model(dbt, session):
    """Match by radius with replacement; one row per person of an analysis, with the weight."""
    scores = dbt.ref("int_matching__scores").order("request_id, analysis_id, person_id")
    analyses = dbt.ref("int_cohorts__analyses").order("request_id, analysis_id")
    return match_controls(
        scores.to_arrow_table(),
        settings_by_analysis(
            analyses.to_arrow_table(),
            MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
    )
