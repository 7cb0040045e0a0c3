-- One row a treated person of an analysis: the eligible records of a request with enough of them.
with

reasons as (
    select * from {{ ref('int_eligibility__reasons') }}
),

eligible as (
    select
        *,
        count(*) over (partition by request_id) as eligible_n
    from reasons
    where reason = 'eligible'
),

in_all as (
    select
        'headline' as analysis_id,
        *
    from eligible
    where eligible_n >= {{ var('minimum_analysed') }}
)

select
    request_id,
    analysis_id,
    event_type as stratum,
    person_id,
    event_id,
    record_number,
    delay_days,
    is_reoffender,
    reoffences_n,
    days_to_first
from in_all
