from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_analyses,
    hidden_sizes_of,
    holds_of,
)


def model(dbt, session):
    """Round the sizes of every published analysis and suppress the small; one row per analysis."""
    cohorts = dbt.ref("int_publishing__cohorts").to_arrow_table()
    return control_analyses(
        dbt.ref("int_publishing__analyses").to_arrow_table(),
        dbt.ref("int_matching__diagnostics").to_arrow_table(),
        holds_of(cohorts),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        hidden_sizes_of(cohorts),
    )
