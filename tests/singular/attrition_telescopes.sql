-- Failing rows: steps of the waterfall that do not follow from the step before, last steps that do
-- not leave the analysed records, and requests with records but without a waterfall.
with

attrition_exact as (
    select * from {{ ref('attrition_exact') }}
),

record_outcomes as (
    select * from {{ ref('record_outcomes') }}
),

steps as (
    select
        request_id,
        step_number,
        removed_n,
        remaining_n,
        lag(remaining_n) over (partition by request_id order by step_number) as remaining_before_n,
        max(step_number) over (partition by request_id) as last_step_number
    from attrition_exact
),

records as (
    select
        request_id,
        count(*) as submitted_n,
        count_if(outcome = 'analysed') as analysed_n
    from record_outcomes
    group by request_id
)

select
    coalesce(steps.request_id, records.request_id) as request_id,
    steps.step_number,
    steps.removed_n,
    steps.remaining_n
from steps
full outer join records
    on steps.request_id = records.request_id
where
    steps.step_number is null
    or steps.remaining_n <> coalesce(steps.remaining_before_n, records.submitted_n, 0) - steps.removed_n
    or (
        steps.step_number = steps.last_step_number
        and steps.remaining_n <> coalesce(records.analysed_n, 0)
    )
