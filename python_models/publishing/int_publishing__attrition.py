from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_attrition
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Merge small steps of the waterfalls and round their counts; one row per step shown."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    return keep_each_request(
        session,
        dbt.this,
        partial(control_attrition, settings=settings),
        dbt.ref("int_outcomes__attrition").to_arrow_table(),
        dbt.ref("exclusion_reasons").to_arrow_table(),
    )
