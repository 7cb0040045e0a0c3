from justice_data_lab.disclosure import DisclosureSettings, calibrate_headlines


def model(dbt, session):
    """Calibrate every headline by all services but its own; one row per measure with a null."""
    return calibrate_headlines(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__services").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
