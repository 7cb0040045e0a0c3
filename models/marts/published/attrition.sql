-- One row per request and step of the waterfall that is shown.
-- What has passed disclosure control.
select
    request_id,
    step_number,
    step,
    stage,
    reason,
    description,
    removed_n,
    remaining_n,
    percent_of_submitted,
    is_merged,
    code
from {{ ref('int_publishing__attrition') }}
