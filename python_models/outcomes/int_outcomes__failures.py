import pyarrow as pa

from justice_data_lab.statistics.guard import stored_failures


def model(dbt, session):
    """List what went wrong in matching and outcomes; one row per stage and analysis."""
    before = dbt.ref("int_matching__failures").to_arrow_table()
    dbt.ref("int_outcomes__estimates")
    dbt.ref("int_outcomes__survival")
    dbt.ref("int_outcomes__sensitivity")
    dbt.ref("int_outcomes__interactions")
    dbt.ref("int_outcomes__detectable")
    dbt.ref("int_outcomes__power")
    dbt.ref("int_outcomes__year_before")
    stages = ("estimates", "survival", "sensitivity", "interactions", "detectable", "power")
    names = [f"int_outcomes__{stage}" for stage in (*stages, "year_before")]
    after = stored_failures(session, dbt.this, names)
    return pa.concat_tables([before.cast(after.schema), after])
