import pyarrow as pa
import pyarrow.compute as pc

from justice_data_lab.estimation.requests import members_reader
from justice_data_lab.statistics import MatchSettings, read_covariates, settings_by_analysis
from justice_data_lab.statistics.guard import Failures, without_failed
from justice_data_lab.statistics.year_before import YEAR_BEFORE_SCHEMA, compare_year_before


def model(dbt, session):
    """Compare the offending of both groups in the year before; one row per headline."""
    covariates = dbt.ref("covariates").filter("covariate <> 'ogrs3'").order("covariate_order")
    covariates = read_covariates(covariates.to_arrow_table())
    analyses = dbt.ref("int_cohorts__analyses").filter("analysis_id = 'headline'")
    headlines = without_failed(analyses, dbt.ref("int_estimates__failures"))
    settings = settings_by_analysis(
        headlines.order("request_id").to_arrow_table(),
        MatchSettings.from_table(dbt.ref("int_settings").to_arrow_table()),
    )
    read_members = members_reader(dbt.ref("int_outcomes__members"))
    year_before = dbt.ref("int_cohorts__year_before").to_arrow_table()
    failures = Failures("year_before")
    tables = [YEAR_BEFORE_SCHEMA.empty_table()]
    for key in settings:
        cohort = read_members(key)
        ours = year_before.filter(pc.is_in(year_before["event_id"], cohort["event_id"]))
        tables.append(compare_year_before(cohort, ours, covariates, settings, failures=failures))
    failures.store(session, dbt.this)
    return pa.concat_tables(tables)
