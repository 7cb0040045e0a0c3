-- One row per measure of a scenario of a request's headline, unrounded.
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
    largest_smd_after
from {{ ref('int_outcomes__sensitivity') }}
