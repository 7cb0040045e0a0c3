-- One row per request and a reduction of the rate: the treated group that would show it.
-- What has passed disclosure control.
select
    request_id,
    reduction_points,
    minimum_treated_n,
    code
from {{ ref('int_publishing__power') }}
