with

scores as (
    select * from {{ ref('int_matching__scores') }}
    where analysis_id = 'headline'
),

matches as (
    select * from {{ ref('int_matching__matches') }}
),

members as (
    select * from {{ ref('int_cohorts__members') }}
),

person_keys as (
    select * from {{ ref('int_outcomes__person_keys') }}
)

select
    scores.request_id,
    scores.analysis_id,
    person_keys.person_key,
    scores.stratum as index_event_type,
    members.index_date,
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
inner join members
    on
        scores.request_id = members.request_id
        and scores.analysis_id = members.analysis_id
        and scores.stratum = members.stratum
        and scores.event_id = members.event_id
inner join person_keys
    on scores.person_id = person_keys.person_id
where scores.is_treated or matches.is_matched
