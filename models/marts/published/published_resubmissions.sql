-- One row per request, quarter and basis of release of people still in custody.
-- What has passed disclosure control.
select
    request_id,
    release_quarter,
    basis,
    n,
    earliest_analysis_on,
    code
from {{ ref('int_publishing__resubmissions') }}
