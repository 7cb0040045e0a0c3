from justice_data_lab.linking import LinkSettings, decide


def model(dbt, session):
    """Decide on each record that the probabilistic pass found somebody for; one row per record."""
    meta = dbt.config.get("meta")
    settings = LinkSettings(**{name: float(value) for name, value in meta.items()})
    return decide(session, dbt.ref("int_linking__found_people").to_arrow_table(), settings)
