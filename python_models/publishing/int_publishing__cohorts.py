from justice_data_lab.disclosure import DisclosureSettings, control_cohorts


def model(dbt, session):
    """Say which analyses may have figures, and sketch their people; one row per analysis."""
    return control_cohorts(
        dbt.ref("int_publishing__matched_people").to_arrow_table(),
        dbt.ref("int_publishing__analyses").to_arrow_table(),
        dbt.ref("stg_lab__released_cohorts").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
