with

matches as (
    select * from {{ ref('int_matching__matches') }}
    where not is_treated and is_matched
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

person_keys as (
    select * from {{ ref('int_outcomes__person_keys') }}
)

select
    matches.request_id,
    matches.analysis_id,
    person_keys.person_key,
    matches.stratum as index_event_type,
    events.index_date,
    matches.weight
from matches
inner join events
    on matches.event_id = events.event_id
inner join person_keys
    on matches.person_id = person_keys.person_id
