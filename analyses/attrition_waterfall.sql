-- How many records each step of a request removed, and how many it left.
select
    step_number,
    reason,
    removed_n,
    remaining_n
from {{ ref('attrition_exact') }}
where request_id = 'foundation' and (removed_n > 0 or step_number = 0)
order by step_number
