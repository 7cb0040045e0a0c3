from justice_data_lab.disclosure import publish_empirical_null


def model(dbt, session):
    """Fit the empirical null of the headlines that are shown; one row per measure.

    A request that is with its provider is in no null: its result could be read from the others.
    """
    in_total = dbt.ref("int_outcomes__requests").filter("is_analysed and status <> 'in_review'")
    sent = dbt.ref("int_intake__requests").project("request_id, submitted_on")
    requests = in_total.project("request_id, organisation, service_name").join(sent, "request_id")
    return publish_empirical_null(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        requests.to_arrow_table(),
    )
