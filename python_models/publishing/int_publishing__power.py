from justice_data_lab.disclosure import DisclosureSettings, control_power


def model(dbt, session):
    """Show the needed sizes where the rate is shown; one row per request and reduction."""
    return control_power(
        dbt.ref("int_outcomes__power").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
