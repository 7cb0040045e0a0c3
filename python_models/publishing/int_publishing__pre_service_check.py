from justice_data_lab.disclosure import DisclosureSettings, control_year_before, holds_of


def model(dbt, session):
    """Suppress and round the year before of every published headline; one row per request."""
    return control_year_before(
        dbt.ref("int_outcomes__year_before").to_arrow_table(),
        holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
