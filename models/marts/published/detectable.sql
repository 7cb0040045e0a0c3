-- One row per request and power: the smallest difference that its groups find.
-- What has passed disclosure control.
select
    request_id,
    power_percent,
    smallest_detectable_points,
    code
from {{ ref('int_publishing__detectable') }}
