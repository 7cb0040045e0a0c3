-- One row an index event of anybody: the proven re-offences of its follow-up.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

counted_offences as (
    select * from {{ ref('int_index_events__proven_rows') }}
    where is_counted
),

reoffences as (
    select
        events.event_id,
        count(*) as reoffences_n,
        min({{ days_between('events.index_date', 'counted_offences.offence_date') }})
            as days_to_first
    from events
    inner join counted_offences
        on
            events.person_id = counted_offences.person_id
            and events.index_date < counted_offences.offence_date
            and {{ add_months('events.index_date', var('follow_up_months')) }}
            >= counted_offences.offence_date
            and {{ add_months(
                'events.index_date', var('follow_up_months') + var('waiting_months')
            ) }} >= counted_offences.proven_date
    group by events.event_id
)

select
    events.event_id,
    reoffences.event_id is not null as is_reoffender,
    coalesce(reoffences.reoffences_n, 0) as reoffences_n,
    reoffences.days_to_first
from events
left join reoffences
    on events.event_id = reoffences.event_id
