select
    request_id,
    analysis_id,
    stratum,
    term,
    coefficient,
    std_error,
    ridge,
    converged,
    gradient_norm,
    method,
    status
from {{ ref('int_matching__fits') }}
