-- One row per request, field and measure: whether its subgroups differ.
-- What has passed disclosure control.
select
    request_id,
    subgroup_field,
    measure,
    groups_n,
    q,
    degrees_of_freedom,
    p_value,
    code
from {{ ref('int_publishing__subgroup_interactions') }}
