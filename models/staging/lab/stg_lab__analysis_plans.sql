with

analysis_plans as (
    select * from {{ source('decisions', 'analysis_plans') }}
)

select
    request_id,
    lower(analysis_id) as analysis_id,
    lower(setting) as setting,
    value,
    reason
from analysis_plans
