-- One row per matched treated person of an analysis, under a key that only releases use.
with

matches as (
    select * from {{ ref('int_matching__matches') }}
    where is_matched and is_treated
),

members as (
    select * from {{ ref('int_outcomes__members') }}
    where is_treated
),

people as (
    select * from {{ ref('int_register__people') }}
)

select
    matches.request_id,
    matches.analysis_id,
    pseudonym('releases', people.pnc_id) as release_key,
    members.is_reoffender,
    case when members.is_reoffender then {{ month_of_follow_up('members.days_to_first') }} end
        as month
from matches
inner join members
    on
        matches.request_id = members.request_id
        and matches.analysis_id = members.analysis_id
        and matches.event_id = members.event_id
inner join people
    on matches.person_id = people.person_id
