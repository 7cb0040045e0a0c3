from justice_data_lab.linking import LinkSettings, decide


def model(dbt, session):
    """Decide on each record that the probabilistic pass found somebody for; one row per record."""
    settings = LinkSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    return decide(session, dbt.ref("int_linking__found_people").to_arrow_table(), settings)
