-- The five covariates of each request that matching left furthest apart.
select
    request_id,
    covariate,
    treated_mean,
    control_mean_after,
    smd_before,
    smd_after,
    rating
from {{ ref('covariate_balance') }}
where analysis_id = 'headline'
qualify row_number() over (
    partition by request_id order by abs(smd_after) desc nulls last, covariate asc
) <= 5
order by request_id, abs(smd_after) desc, covariate
