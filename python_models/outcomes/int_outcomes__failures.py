import pyarrow as pa

from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """List what went wrong in matching and outcomes; one row per stage and analysis."""
    before = dbt.ref("int_estimates__failures").to_arrow_table()
    dbt.ref("int_outcomes__interactions")
    dbt.ref("int_outcomes__detectable")
    dbt.ref("int_outcomes__power")
    dbt.ref("int_outcomes__year_before")
    stages = ("interactions", "detectable", "power", "year_before")
    after = stored_failures(session, dbt.this, [f"int_outcomes__{stage}" for stage in stages])
    return pa.concat_tables([before.cast(after.schema), after])
