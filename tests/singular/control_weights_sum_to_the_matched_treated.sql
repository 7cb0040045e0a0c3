-- Failing rows: analyses whose control weights do not sum to their matched treated people.
with

matches as (
    select * from {{ ref('int_matching__matches') }}
)

select
    request_id,
    analysis_id,
    stratum,
    count_if(is_treated and is_matched) as matched_treated_n,
    sum(weight) filter (where not is_treated) as weights_sum
from matches
group by request_id, analysis_id, stratum
having
    abs(
        count_if(is_treated and is_matched)
        - coalesce(sum(weight) filter (where not is_treated), 0)
    ) > 1e-6
