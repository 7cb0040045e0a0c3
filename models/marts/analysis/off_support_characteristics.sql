-- One row per covariate level of an analysis with treated people off support.
select
    request_id,
    analysis_id,
    covariate,
    matched_mean,
    off_support_mean,
    off_support_n
from {{ ref('int_matching__off_support') }}
