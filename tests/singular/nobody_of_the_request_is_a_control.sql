-- Failing rows: controls whom the request linked, or could mean by a deciding pass.
with

controls as (
    select * from {{ ref('int_cohorts__members') }}
    where not is_treated
),

deciding_candidates as (
    select * from {{ ref('int_linking__candidates') }}
    where is_deciding
)

select
    controls.request_id,
    controls.analysis_id,
    controls.person_id
from controls
inner join deciding_candidates
    on
        controls.request_id = deciding_candidates.request_id
        and controls.person_id = deciding_candidates.person_id
