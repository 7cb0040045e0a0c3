from justice_data_lab.statistics import analysis_diagnostics
from justice_data_lab.statistics.guard import Failures


def model(dbt, session):
    """Sum up support, weights and balance; one row per analysis."""
    failures = Failures("diagnostics")
    table = analysis_diagnostics(
        dbt.ref("int_matching__fits").to_arrow_table(),
        dbt.ref("int_matching__scores").to_arrow_table(),
        dbt.ref("int_matching__matches").to_arrow_table(),
        dbt.ref("int_matching__balance").to_arrow_table(),
        failures=failures,
    )
    failures.store(session, dbt.this)
    return table
