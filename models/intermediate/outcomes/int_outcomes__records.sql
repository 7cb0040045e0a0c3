-- One row per uploaded record: its one outcome, matching included.
with

reasons as (
    select * from {{ ref('int_eligibility__reasons') }}
),

matches as (
    select * from {{ ref('int_matching__matches') }}
    where analysis_id = 'headline' and is_treated
),

failures as (
    select distinct request_id from {{ ref('int_outcomes__failures') }}
    where
        analysis_id = 'headline'
        and stage in (
            'fits',
            'scores',
            'matches',
            'balance',
            'diagnostics',
            'off_support',
            'people',
            'estimates'
        )
),

matched as (
    select
        reasons.*,
        failures.request_id is not null as is_headline_failed,
        coalesce(matches.is_matched, false) as is_on_support,
        count_if(coalesce(matches.is_matched, false)) over (partition by reasons.request_id)
            as matched_n,
        count_if(reasons.reason = 'eligible') over (partition by reasons.request_id) as eligible_n
    from reasons
    left join matches
        on
            reasons.request_id = matches.request_id
            and reasons.person_id = matches.person_id
            and reasons.reason = 'eligible'
    left join failures
        on reasons.request_id = failures.request_id
)

select
    matched.*,
    case
        when reason <> 'eligible' then reason
        when eligible_n >= {{ var('minimum_analysed') }} and is_headline_failed
            then 'could_not_be_estimated'
        when matched_n < {{ var('minimum_analysed') }} then 'group_too_small'
        when not is_on_support then 'off_support'
        else 'analysed'
    end as outcome
from matched
