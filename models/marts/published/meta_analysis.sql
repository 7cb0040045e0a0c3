-- One row per dimension, value and measure: requests combined.
-- What has passed disclosure control.
select
    dimension,
    value,
    measure,
    requests_n,
    difference,
    lower,
    upper,
    p_value,
    i2,
    tau2,
    q_p_value,
    prediction_lower,
    prediction_upper,
    code
from {{ ref('int_publishing__meta_analysis') }}
