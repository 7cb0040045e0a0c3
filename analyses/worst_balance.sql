-- The five covariates of each request that matching left furthest apart.
with

ranked as (
    select
        *,
        row_number() over (
            partition by request_id order by abs(smd_after) desc nulls last, covariate asc
        ) as place
    from {{ ref('covariate_balance') }}
    where analysis_id = 'headline'
)

select
    request_id,
    covariate,
    treated_mean,
    control_mean_after,
    smd_before,
    smd_after,
    rating
from ranked
where place <= 5
order by request_id, place
