from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_analyses,
    hidden_sizes_of,
    holds_of,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the sizes of every published analysis and suppress the small; one row per analysis."""
    cohorts = dbt.ref("int_publishing__cohorts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_analyses,
            holds=holds_of(cohorts),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
            hidden_sizes=hidden_sizes_of(cohorts),
        ),
        dbt.ref("int_publishing__analyses").to_arrow_table(),
        dbt.ref("int_matching__diagnostics").to_arrow_table(),
    )
