from functools import partial

from justice_data_lab.disclosure import DisclosureSettings, control_interactions
from justice_data_lab.statistics.guard import keep_each_request


def model(dbt, session):
    """Show the tests of subgroups whose figures are shown; one row per request, field, measure."""
    return keep_each_request(
        session,
        dbt.this,
        partial(
            control_interactions,
            settings=DisclosureSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
        ),
        dbt.ref("int_outcomes__interactions").to_arrow_table(),
        dbt.ref("int_publishing__analyses").to_arrow_table(),
        dbt.ref("int_publishing__outcomes").to_arrow_table(),
    )
