-- One row per index event of anybody: the days of the year after it outside custody. Episodes hold
-- the same days as their spells, each once; both end days are days in custody.
with

events as (
    select
        event_id,
        person_id,
        index_date + 1 as first_date,
        index_date + 365 as last_date
    from {{ ref('int_index_events__events') }}
),

custody_episodes as (
    select
        person_id,
        reception_date,
        coalesce(release_date, date '9999-12-31') as end_date
    from {{ ref('int_index_events__custody_episodes') }}
),

in_custody as (
    select
        events.event_id,
        sum(
            {{ days_between(
                'greatest(custody_episodes.reception_date, events.first_date)',
                'least(custody_episodes.end_date, events.last_date)'
            ) }} + 1
        ) as days_n
    from events
    inner join custody_episodes
        on
            events.person_id = custody_episodes.person_id
            and events.last_date >= custody_episodes.reception_date
            and events.first_date <= custody_episodes.end_date
    group by events.event_id
)

select
    events.event_id,
    cast(365 - coalesce(in_custody.days_n, 0) as int) as days_at_liberty
from events
left join in_custody
    on events.event_id = in_custody.event_id
