with

reading_findings as (
    select * from {{ ref('stg_uploads__reading_findings') }}
),

record_checks as (
    select * from {{ ref('int_intake__record_checks') }}
),

request_checks as (
    select * from {{ ref('int_intake__request_checks') }}
),

service_answers as (
    select * from {{ ref('int_intake__service_answers') }}
),

upload_checks as (
    select * from {{ ref('upload_checks') }}
),

answers_to_correct as (
    select
        request_id,
        question,
        case
            when status = 'not_recognised' then 'service_answer_not_recognised'
            when is_needed then 'service_answer_missing'
            else 'service_description_incomplete'
        end as check_id
    from service_answers
    where status = 'not_recognised' or (status = 'missing' and (is_needed or not may_be_empty))
),

failed_checks as (
    select
        request_id,
        record_number,
        check_id,
        null as question,
        first_record_number
    from record_checks
    where status = 'failed'
    union all
    select
        request_checks.request_id,
        null as record_number,
        request_checks.check_id,
        null as question,
        null as first_record_number
    from request_checks
    anti join answers_to_correct
        on
            request_checks.request_id = answers_to_correct.request_id
            and request_checks.check_id = answers_to_correct.check_id
    where request_checks.status = 'failed'
    union all
    select
        request_id,
        null as record_number,
        check_id,
        question,
        null as first_record_number
    from answers_to_correct
),

findings as (
    select
        request_id,
        record_number,
        check_id,
        severity,
        field,
        message,
        null as first_record_number
    from reading_findings
    union all
    select
        failed_checks.request_id,
        failed_checks.record_number,
        failed_checks.check_id,
        upload_checks.severity,
        coalesce(failed_checks.question, upload_checks.field) as field,
        upload_checks.text as message,
        failed_checks.first_record_number
    from failed_checks
    inner join upload_checks
        on failed_checks.check_id = upload_checks.check_id
    -- the reader's own checks of a record have their finding already
    where failed_checks.check_id not in (select reading_findings.check_id from reading_findings)
)

select
    request_id,
    row_number() over (
        partition by request_id order by record_number, check_id, field, message
    ) as finding_number,
    record_number,
    check_id,
    severity,
    field,
    message,
    first_record_number
from findings
