from justice_data_lab.disclosure import (
    DisclosureSettings,
    balance_verdicts,
    control_outcomes,
    hidden_sizes_of,
    holds_of,
)


def model(dbt, session):
    """Suppress and round the outcomes of every published analysis; one row per measure."""
    cohorts = dbt.ref("int_publishing__cohorts").to_arrow_table()
    return control_outcomes(
        dbt.ref("int_outcomes__estimates").to_arrow_table(),
        dbt.ref("int_publishing__contributors").to_arrow_table(),
        holds_of(cohorts),
        balance_verdicts(dbt.ref("int_matching__diagnostics").to_arrow_table()),
        DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        hidden_sizes_of(cohorts),
    )
