with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

records as (
    select * from {{ ref('int_outcomes__records') }}
),

exclusion_reasons as (
    select * from {{ ref('exclusion_reasons') }}
),

steps as (
    select
        0 as step_number,
        'submitted' as step,
        'submitted' as stage,
        cast(null as string) as reason
    union all
    select
        step_number,
        reason as step,
        stage,
        reason
    from exclusion_reasons
),

removed as (
    select
        request_id,
        outcome as reason,
        count(*) as removed_n
    from records
    group by request_id, outcome
),

removed_at_each_step as (
    select
        requests.request_id,
        requests.submitted_n,
        steps.step_number,
        steps.step,
        steps.stage,
        steps.reason,
        coalesce(removed.removed_n, 0) as removed_n
    from requests
    cross join steps
    left join removed
        on
            requests.request_id = removed.request_id
            and steps.reason = removed.reason
)

select
    request_id,
    cast(step_number as int) as step_number,
    step,
    stage,
    reason,
    removed_n,
    cast(submitted_n - sum(removed_n) over (
        partition by request_id order by step_number
        rows between unbounded preceding and current row
    ) as bigint) as remaining_n
from removed_at_each_step
