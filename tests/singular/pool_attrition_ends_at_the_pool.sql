-- Failing rows: steps of a pool's waterfall that do not follow from the step before, last steps
-- that do not leave the control events of the analysis under its condition, and analyses without a
-- waterfall.
with

steps as (
    select
        request_id,
        analysis_id,
        step_number,
        removed_n,
        remaining_n,
        lag(remaining_n) over (
            partition by request_id, analysis_id order by step_number
        ) as remaining_before_n,
        max(step_number) over (partition by request_id, analysis_id) as last_step_number
    from {{ ref('pool_attrition') }}
),

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

members as (
    select * from {{ ref('int_cohorts__members') }}
),

controls as (
    select
        members.request_id,
        members.analysis_id,
        count(*) as controls_n
    from members
    inner join analyses
        on
            members.request_id = analyses.request_id
            and members.analysis_id = analyses.analysis_id
    where
        not members.is_treated
        and coalesce(members.own_last_day >= 0, true)
        and (
            analyses.control_condition <> 'fixed'
            or (
                coalesce(members.own_last_day >= members.window_last_day, true)
                and coalesce(members.days_to_first > members.window_last_day, true)
            )
        )
    group by members.request_id, members.analysis_id
)

select
    analyses.request_id,
    analyses.analysis_id,
    steps.step_number,
    steps.removed_n,
    steps.remaining_n
from analyses
left join steps
    on
        analyses.request_id = steps.request_id
        and analyses.analysis_id = steps.analysis_id
left join controls
    on
        analyses.request_id = controls.request_id
        and analyses.analysis_id = controls.analysis_id
where
    steps.step_number is null
    or (steps.step_number = 0 and steps.removed_n <> 0)
    or steps.remaining_n <> steps.remaining_before_n - steps.removed_n
    or (
        steps.step_number = steps.last_step_number
        and steps.remaining_n <> coalesce(controls.controls_n, 0)
    )
