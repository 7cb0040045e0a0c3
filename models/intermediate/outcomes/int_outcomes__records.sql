-- One row per uploaded record: its one outcome, matching included.
with

reasons as (
    select * from {{ ref('int_eligibility__reasons') }}
),

matches as (
    select * from {{ ref('int_matching__matches') }}
    where analysis_id = 'headline' and is_treated
),

matched as (
    select
        reasons.*,
        coalesce(matches.is_matched, false) as is_on_support,
        count_if(coalesce(matches.is_matched, false)) over (partition by reasons.request_id)
            as matched_n
    from reasons
    left join matches
        on
            reasons.request_id = matches.request_id
            and reasons.person_id = matches.person_id
            and reasons.reason = 'eligible'
)

select
    matched.*,
    case
        when reason <> 'eligible' then reason
        when matched_n < {{ var('minimum_analysed') }} then 'group_too_small'
        when not is_on_support then 'off_support'
        else 'analysed'
    end as outcome
from matched
