-- One row per request.
-- What has passed disclosure control.
select
    request_id,
    organisation,
    service_name,
    sector,
    need,
    status,
    status_reason,
    review_due_on,
    submitted_n,
    analysed_n,
    description,
    delivered_in,
    balance_verdict,
    code
from {{ ref('int_publishing__requests') }}
