-- One row per analysis: support, weights, balance and fit.
select
    request_id,
    analysis_id,
    eligible_n,
    matched_n,
    off_support_n,
    pool_n,
    matched_control_n,
    control_effective_n,
    controls_used_percent,
    largest_weight_percent,
    largest_smd_before,
    largest_smd_after,
    green_n,
    amber_n,
    red_n,
    balance_verdict,
    overlap,
    fit_method,
    ridge,
    converged
from {{ ref('int_matching__diagnostics') }}
