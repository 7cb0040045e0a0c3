with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
)

select
    request_id,
    organisation,
    service_name,
    sector,
    need,
    status,
    status_reason,
    review_due_on,
    {{ published_count('submitted_n') }} as submitted_n,
    case when is_analysed then {{ published_count('analysed_n') }} end as analysed_n
from requests
