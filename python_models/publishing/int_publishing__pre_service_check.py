from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_year_before, holds_of
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Suppress and round the year before of every published headline; one row per request."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_year_before,
            holds=holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__year_before").to_arrow_table(),
    )
