-- Failing rows: propensity models with an estimated term that did not prove their convergence.
select distinct
    request_id,
    analysis_id,
    stratum,
    gradient_norm
from {{ ref('propensity_models') }}
where not coalesce(converged, false) and status = 'estimated'
