from justice_data_lab.disclosure import DisclosureSettings, control_detectable


def model(dbt, session):
    """Show what could be found where the rate is shown; one row per request and power."""
    return control_detectable(
        dbt.ref("int_outcomes__detectable").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
