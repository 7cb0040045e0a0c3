select
    request_id,
    organisation,
    service_name,
    status,
    status_reason,
    status_detail,
    review_due_on,
    submitted_n,
    eligible_n,
    analysed_n
from {{ ref('int_outcomes__requests') }}
