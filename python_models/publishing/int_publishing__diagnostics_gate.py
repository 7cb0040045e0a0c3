from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_gates, holds_of
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Round the gates of every published headline and suppress the small; one row per gate."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_gates,
            holds=holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__gates").to_arrow_table(),
        dbt.ref("int_matching__diagnostics").to_arrow_table(),
    )
