-- One row per analysis and step of the waterfall of its control pool that is shown.
-- What has passed disclosure control.
select
    request_id,
    analysis_id,
    step_number,
    step,
    description,
    removed_n,
    remaining_n,
    is_merged,
    code
from {{ ref('int_publishing__pool_attrition') }}
