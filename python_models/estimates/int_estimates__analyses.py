from justice_data_lab.estimation.analysis import SCHEMAS, Inputs
from justice_data_lab.estimation.requests import estimate_requests, members_reader
from justice_data_lab.estimation.side_tables import SideTables
from justice_data_lab.progress import Steps
from justice_data_lab.statistics import MatchSettings, read_covariates
from justice_data_lab.statistics.covariates import read_values


def model(dbt, session):
    """Estimate every analysis, one at a time; one row per analysis, the results beside it."""
    covariates = read_covariates(dbt.ref("covariates").order("covariate_order").to_arrow_table())
    inputs = Inputs.of(
        analyses=dbt.ref("int_cohorts__analyses").to_arrow_table(),
        covariates=covariates,
        values=read_values(dbt.ref("int_cohorts__covariates").to_arrow_table(), covariates),
        common=MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
    beside = SideTables(session, dbt.this, SCHEMAS)
    progress = Steps("analyses", len(inputs.settings))
    table = estimate_requests(
        inputs, members_reader(dbt.ref("int_outcomes__members")), beside.append, progress.step
    )
    progress.finish()
    beside.finish()
    return table
