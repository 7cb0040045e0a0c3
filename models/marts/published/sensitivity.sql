-- One row per request, scenario and measure.
-- What has passed disclosure control.
select
    request_id,
    scenario,
    measure,
    scenario_order,
    family,
    description,
    control_condition,
    match_scale,
    match_width,
    match_width_unit,
    estimator,
    difference,
    lower,
    upper,
    p_value,
    treated_n,
    control_n,
    control_effective_n,
    largest_smd_after,
    code
from {{ ref('int_publishing__sensitivity') }}
