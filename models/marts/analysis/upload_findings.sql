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

upload_checks as (
    select * from {{ ref('upload_checks') }}
),

failed_checks as (
    select
        request_id,
        record_number,
        check_id
    from record_checks
    union all
    select
        request_id,
        null as record_number,
        check_id
    from request_checks
),

findings as (
    select
        request_id,
        record_number,
        check_id,
        severity,
        field,
        message
    from reading_findings
    union all
    select
        failed_checks.request_id,
        failed_checks.record_number,
        failed_checks.check_id,
        upload_checks.severity,
        upload_checks.field,
        upload_checks.text as message
    from failed_checks
    left join upload_checks
        on failed_checks.check_id = upload_checks.check_id
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
    message
from findings
