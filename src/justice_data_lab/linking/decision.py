"""The decision: what becomes of each record, from its candidates and three settings."""

import duckdb
import pyarrow as pa

from justice_data_lab.linking.settings import LinkSettings

_READ = [
    "request_id", "record_number", "person_id", "match_weight", "match_probability",
    "is_acceptable", "is_only_namesake", "is_known",
]  # fmt: skip


def decision_sql(candidates: str, settings: LinkSettings) -> str:
    """Return the `select` of the decisions on a table of candidates, one row per record sought.

    `accepted`: the best person reaches the threshold, leads the runner-up by the margin and shares
    more than a name. `ambiguous`: two people would do and the margin is not reached. `in_review`:
    at least the lower threshold, or the only person of the full name where a date of birth is
    missing and another field agrees. `person_id` is the best person, and stands for the link only
    where the decision is `accepted`; equal weights leave the lower number first and are never
    accepted.
    """
    return f"""
    with ranked as (
        select
            request_id,
            record_number,
            person_id,
            match_weight,
            match_probability,
            is_acceptable,
            is_only_namesake,
            row_number() over by_weight as place,
            match_weight - lead(match_weight) over by_weight as lead_bits
        from {candidates}
        where not is_known
        window by_weight as (
            partition by request_id, record_number order by match_weight desc, person_id
        )
    )

    select
        request_id,
        record_number,
        person_id,
        match_weight,
        match_probability,
        lead_bits,
        case
            when match_probability < {settings.review_probability} and not is_only_namesake
                then 'unlinked'
            when
                match_probability >= {settings.accept_probability}
                and is_acceptable
                and coalesce(lead_bits < {settings.margin_bits}, false)
                then 'ambiguous'
            when match_probability >= {settings.accept_probability} and is_acceptable
                then 'accepted'
            else 'in_review'
        end as decision
    from ranked
    where place = 1
    order by request_id, record_number
    """


def decide(
    connection: duckdb.DuckDBPyConnection, candidates: pa.Table, settings: LinkSettings
) -> pa.Table:
    """Decide on the candidates of `predict`; one row per record that has any."""
    cursor = connection.cursor()
    try:
        cursor.register("link_candidates_given", candidates.select(_READ))
        return cursor.execute(decision_sql("link_candidates_given", settings)).to_arrow_table()
    finally:
        cursor.close()
