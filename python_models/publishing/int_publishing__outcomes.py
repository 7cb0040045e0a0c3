from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    balance_verdicts,
    control_outcomes,
    failed_analyses,
    hidden_sizes_of,
    holds_of,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Suppress and round the outcomes of every published analysis; one row per measure."""
    cohorts = dbt.ref("int_publishing__cohorts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_outcomes,
            holds=holds_of(cohorts),
            verdicts=balance_verdicts(dbt.ref("int_matching__diagnostics").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
            hidden_sizes=hidden_sizes_of(cohorts),
            failed=failed_analyses(dbt.ref("int_outcomes__gates").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__conclusions").to_arrow_table(),
        dbt.ref("int_publishing__contributors").to_arrow_table(),
    )
