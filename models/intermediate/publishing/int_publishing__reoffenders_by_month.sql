-- One row per request, analysis, arm and month of the follow-up: the matched people who re-offended
-- first in it. Months without anybody are left out.
with

matches as (
    select * from {{ ref('int_matching__matches') }}
    where is_matched
),

members as (
    select * from {{ ref('int_outcomes__members') }}
    where is_reoffender
)

select
    members.request_id,
    members.analysis_id,
    case when members.is_treated then 'treated' else 'control' end as arm,
    {{ month_of_follow_up('members.days_to_first') }} as month,
    count(distinct members.person_id) as people_n
from matches
inner join members
    on
        matches.request_id = members.request_id
        and matches.analysis_id = members.analysis_id
        and matches.event_id = members.event_id
group by members.request_id, members.analysis_id, members.is_treated, month
