select
    request_id,
    form,
    is_readable,
    header_row
from {{ source('uploads', 'requests') }}
