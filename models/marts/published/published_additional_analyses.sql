-- One row per request and further analysis.
-- What has passed disclosure control.
select
    request_id,
    additional_analysis,
    description,
    expected_n,
    code
from {{ ref('int_publishing__additional_analyses') }}
