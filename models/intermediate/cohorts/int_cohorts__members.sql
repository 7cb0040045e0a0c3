-- One row a member of an analysis: its treated people and its control pool.
with

members as (
    select
        request_id,
        analysis_id,
        stratum,
        person_id,
        event_id,
        true as is_treated,
        delay_days,
        cast(null as bigint) as last_day,
        is_reoffender,
        reoffences_n,
        days_to_first
    from {{ ref('int_cohorts__treated') }}
    union all
    select
        request_id,
        analysis_id,
        stratum,
        person_id,
        event_id,
        false as is_treated,
        cast(null as bigint) as delay_days,
        last_day,
        is_reoffender,
        reoffences_n,
        days_to_first
    from {{ ref('int_cohorts__pool') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
)

select
    members.request_id,
    members.analysis_id,
    members.stratum,
    members.person_id,
    members.event_id,
    events.event_key,
    events.index_date,
    members.is_treated,
    cast(members.delay_days as int) as delay_days,
    cast(members.last_day as int) as last_day,
    members.is_reoffender,
    cast(members.reoffences_n as int) as reoffences_n,
    cast(members.days_to_first as int) as days_to_first
from members
inner join events
    on members.event_id = events.event_id
