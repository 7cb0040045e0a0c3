from justice_data_lab.linking import LinkInputs, LinkSettings, load_model, predict


def model(dbt, session):
    """Weigh the people whom each record may be about: those reached by a pass, or found here."""
    settings = LinkSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    inputs = LinkInputs(
        records=dbt.ref("int_linking__compared_records").to_arrow_table(),
        register=dbt.ref("int_register__names").to_arrow_table(),
        prison_numbers=dbt.ref("int_register__prison_numbers").to_arrow_table(),
        nicknames=dbt.ref("nicknames").to_arrow_table(),
    )
    reached = dbt.ref("int_linking__candidates").filter("is_deciding").to_arrow_table()
    return predict(session, inputs, load_model(), settings, known=reached)
