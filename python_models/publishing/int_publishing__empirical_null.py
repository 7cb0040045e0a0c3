from justice_data_lab.disclosure import publish_empirical_null


def model(dbt, session):
    """Fit the empirical null of the headlines that are shown; one row per measure."""
    return publish_empirical_null(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__services").to_arrow_table(),
    )
