from justice_data_lab.disclosure import DisclosureSettings, control_meta_analysis
from justice_data_lab.statistics.guard import Failures, run_analysis


def model(dbt, session):
    """Show the pooled results of requests whose own are shown; one row per group and measure."""
    tables = [
        dbt.ref("int_outcomes__meta_analysis").to_arrow_table(),
        dbt.ref("int_publishing__request_facts").filter("status <> 'in_review'").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
        dbt.ref("int_publishing__failures").to_arrow_table(),
    ]
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    failures = Failures("publishing_meta_analysis")
    table = run_analysis(failures, (None,), control_meta_analysis, *tables, settings)
    failures.store(session, dbt.this)
    if table is None:
        return control_meta_analysis(*(given.slice(0, 0) for given in tables), settings)
    return table
