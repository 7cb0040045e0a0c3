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
from {{ source('uploads', 'findings') }}
