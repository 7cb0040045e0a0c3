-- One row per request and detail of the waterfall.
-- What has passed disclosure control.
select
    request_id,
    detail,
    description,
    n,
    code
from {{ ref('int_publishing__attrition_details') }}
