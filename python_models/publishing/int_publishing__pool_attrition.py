from justice_data_lab.disclosure import DisclosureSettings, control_pool_attrition, holds_of


def model(dbt, session):
    """Merge small steps of the pools' waterfalls and round; one row per analysis and step shown."""
    return control_pool_attrition(
        dbt.ref("int_cohorts__pool_attrition").to_arrow_table(),
        holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
