from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_pool_attrition, holds_of
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Merge small steps of the pools' waterfalls and round; one row per analysis and step shown."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_pool_attrition,
            published=holds_of(dbt.ref("int_publishing__cohorts").to_arrow_table()),
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_cohorts__pool_attrition").to_arrow_table(),
    )
