select
    request_id,
    record_number,
    check_id,
    severity,
    field,
    message
from {{ source('uploads', 'findings') }}
