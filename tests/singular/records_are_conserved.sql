-- Failing rows: requests with another number of outcomes than of non-empty rows in their upload.
with

individuals as (
    select
        request_id,
        count(*) as rows_n
    from {{ ref('stg_uploads__individuals') }}
    group by request_id
),

record_outcomes as (
    select
        request_id,
        count(*) as outcomes_n
    from {{ ref('record_outcomes') }}
    group by request_id
)

select
    coalesce(individuals.request_id, record_outcomes.request_id) as request_id,
    individuals.rows_n,
    record_outcomes.outcomes_n
from individuals
full outer join record_outcomes
    on individuals.request_id = record_outcomes.request_id
where individuals.rows_n is distinct from record_outcomes.outcomes_n
