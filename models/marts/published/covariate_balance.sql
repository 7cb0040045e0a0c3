-- One row per covariate or level of an analysis, before and after matching.
-- What has passed disclosure control.
select
    request_id,
    analysis_id,
    covariate,
    family,
    treated_mean,
    control_mean_before,
    control_mean_after,
    smd_before,
    smd_after,
    variance_ratio_after,
    rating,
    code
from {{ ref('int_publishing__covariate_balance') }}
