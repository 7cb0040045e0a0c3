select
    request_id,
    form,
    is_readable
from {{ source('uploads', 'requests') }}
