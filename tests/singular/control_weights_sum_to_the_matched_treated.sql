-- Failing rows: analyses whose control weights do not sum to their matched treated people.
select
    request_id,
    analysis_id,
    stratum,
    treated_n,
    weights_sum
from {{ ref('int_matching__strata') }}
where not coalesce(abs(treated_n - weights_sum) <= 1e-6, false)
