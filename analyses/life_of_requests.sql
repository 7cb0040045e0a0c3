-- The pilot year in numbers: how many requests are where in their life, and why they stopped.
select
    status,
    coalesce(status_reason, '') as status_reason,
    count(*) as requests
from {{ ref('requests') }}
group by status, status_reason
order by requests desc, status asc, status_reason asc
