-- One row per measure of a pool of requests, unrounded; nothing is withheld here.
select
    dimension,
    value,
    measure,
    requests_n,
    difference,
    lower,
    upper,
    p_value,
    tau2,
    i2,
    q,
    q_p_value,
    prediction_lower,
    prediction_upper
from {{ ref('int_outcomes__meta_analysis') }}
