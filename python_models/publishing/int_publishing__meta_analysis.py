from justice_data_lab.disclosure import DisclosureSettings, control_meta_analysis


def model(dbt, session):
    """Show the pooled results of requests whose own are shown; one row per group and measure."""
    return control_meta_analysis(
        dbt.ref("int_outcomes__meta_analysis").to_arrow_table(),
        dbt.ref("int_publishing__request_facts").filter("status <> 'in_review'").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
