with

plan_changes as (
    select * from {{ source('decisions', 'plan_changes') }}
)

select
    request_id,
    changed_n
from plan_changes
