select
    request_id,
    organisation,
    service_name,
    sector,
    need,
    status,
    status_reason,
    cast(null as date) as review_due_on,
    {{ published_count('submitted_n') }} as submitted_n,
    case when status = 'analysed' then {{ published_count('analysed_n') }} end as analysed_n
from {{ ref('int_outcomes__requests') }}
