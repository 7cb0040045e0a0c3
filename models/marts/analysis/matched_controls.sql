with

matches as (
    select * from {{ ref('int_matching__matches') }}
    where not is_treated and is_matched
),

members as (
    select * from {{ ref('int_cohorts__members') }}
),

person_keys as (
    select * from {{ ref('int_outcomes__person_keys') }}
)

select
    matches.request_id,
    matches.analysis_id,
    person_keys.person_key,
    matches.stratum as index_event_type,
    members.index_date,
    matches.weight
from matches
inner join members
    on
        matches.request_id = members.request_id
        and matches.analysis_id = members.analysis_id
        and matches.stratum = members.stratum
        and matches.event_id = members.event_id
inner join person_keys
    on matches.person_id = person_keys.person_id
