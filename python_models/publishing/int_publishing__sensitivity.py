from justice_data_lab.disclosure import DisclosureSettings, control_sensitivity, holds_of


def model(dbt, session):
    """Suppress and round the scenarios of published headlines; one row per scenario and measure."""
    return control_sensitivity(
        dbt.ref("int_outcomes__sensitivity").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_matching__diagnostics").to_arrow_table(),
        holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
