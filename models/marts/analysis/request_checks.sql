with

request_checks as (
    select * from {{ ref('int_intake__request_checks') }}
),

upload_checks as (
    select * from {{ ref('upload_checks') }}
)

select
    request_checks.request_id,
    request_checks.check_id,
    upload_checks.severity,
    request_checks.status,
    request_checks.counted_n,
    request_checks.limit_n,
    request_checks.by_n,
    upload_checks.is_stopping,
    upload_checks.text
from request_checks
inner join upload_checks
    on request_checks.check_id = upload_checks.check_id
