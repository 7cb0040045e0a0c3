-- One row per request: whether it is withdrawn or stopped before linking, and why.
with

answers as (
    select * from {{ ref('int_intake__answers') }}
),

request_checks as (
    select * from {{ ref('int_intake__request_checks') }}
),

upload_checks as (
    select * from {{ ref('upload_checks') }}
),

failed_checks as (
    select
        request_checks.request_id,
        array_sort(array_agg(request_checks.check_id)) as stop_reasons
    from request_checks
    inner join upload_checks
        on request_checks.check_id = upload_checks.check_id
    where request_checks.status = 'failed' and upload_checks.is_stopping
    group by request_checks.request_id
),

submitted as (
    select
        request_id,
        counted_n as submitted_n
    from request_checks
    where check_id = 'too_few_records'
)

select
    answers.*,
    submitted.submitted_n,
    coalesce(failed_checks.stop_reasons, {{ list_of([]) }}) as stop_reasons,
    failed_checks.request_id is not null as is_not_answerable,
    answers.is_withdrawn or failed_checks.request_id is not null as is_stopped
from answers
inner join submitted
    on answers.request_id = submitted.request_id
left join failed_checks
    on answers.request_id = failed_checks.request_id
