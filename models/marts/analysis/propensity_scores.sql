with

scores as (
    select * from {{ ref('int_matching__scores') }}
    where analysis_id = 'headline'
),

matches as (
    select * from {{ ref('int_matching__matches') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

person_keys as (
    select * from {{ ref('int_outcomes__person_keys') }}
)

select
    scores.request_id,
    scores.analysis_id,
    person_keys.person_key,
    scores.stratum as index_event_type,
    events.index_date,
    scores.is_treated,
    scores.score,
    scores.propensity,
    matches.is_matched as on_support
from scores
inner join matches
    on
        scores.request_id = matches.request_id
        and scores.analysis_id = matches.analysis_id
        and scores.stratum = matches.stratum
        and scores.event_id = matches.event_id
inner join events
    on scores.event_id = events.event_id
inner join person_keys
    on scores.person_id = person_keys.person_id
where scores.is_treated or matches.is_matched
