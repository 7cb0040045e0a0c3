-- One row per field and measure of a request, unrounded.
select
    request_id,
    subgroup_field,
    measure,
    groups_n,
    q,
    degrees_of_freedom,
    p_value
from {{ ref('int_outcomes__interactions') }}
