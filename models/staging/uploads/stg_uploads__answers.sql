select
    request_id,
    question,
    answer
from {{ source('uploads', 'service') }}
