from functools import partial

from justice_data_lab.disclosure import (
    DisclosureSettings,
    control_survival,
    hidden_sizes_of,
    holds_of,
)
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Merge months of few re-offenders and round the curves; one row per arm and month."""
    cohorts = dbt.ref("int_publishing__cohorts").to_arrow_table()
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_survival,
            holds=holds_of(cohorts),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
            hidden_sizes=hidden_sizes_of(cohorts),
        ),
        dbt.ref("int_outcomes__survival").to_arrow_table(),
        dbt.ref("int_publishing__reoffenders_by_month").to_arrow_table(),
        dbt.ref("int_publishing__matched_people").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
    )
