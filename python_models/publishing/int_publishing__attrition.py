from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_attrition
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Merge small steps of the waterfalls and round their counts; one row per step shown."""
    settings = DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table())
    failures = Failures("publishing_attrition")
    table = each_request(
        failures,
        partial(control_attrition, settings=settings),
        dbt.ref("int_outcomes__attrition").to_arrow_table(),
        dbt.ref("exclusion_reasons").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
