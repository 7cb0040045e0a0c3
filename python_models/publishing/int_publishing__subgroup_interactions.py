from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_interactions
from justice_data_lab.statistics.guard import Failures, each_request


def model(dbt, session):
    """Show the tests of subgroups whose figures are shown; one row per request, field, measure."""
    failures = Failures("publishing_subgroup_interactions")
    table = each_request(
        failures,
        partial(
            control_interactions,
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__interactions").to_arrow_table(),
        dbt.ref("int_publishing__analyses").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
    )
    failures.store(session, dbt.this)
    return table
