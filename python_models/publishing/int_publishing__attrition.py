from justice_data_lab.disclosure import DisclosureSettings, control_attrition


def model(dbt, session):
    """Merge small steps of the waterfalls and round their counts; one row per step shown."""
    return control_attrition(
        dbt.ref("int_outcomes__attrition").to_arrow_table(),
        dbt.ref("exclusion_reasons").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
