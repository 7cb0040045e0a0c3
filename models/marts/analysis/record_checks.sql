select
    record_checks.request_id,
    record_checks.record_number,
    record_checks.check_id,
    upload_checks.severity,
    record_checks.status
from {{ ref('int_intake__record_checks') }} as record_checks
inner join {{ ref('upload_checks') }} as upload_checks
    on record_checks.check_id = upload_checks.check_id
