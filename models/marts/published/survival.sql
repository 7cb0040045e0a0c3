-- One row per analysis, arm and month of the survival curve.
-- What has passed disclosure control.
select
    request_id,
    analysis_id,
    arm,
    month,
    at_risk_n,
    survival_percent,
    lower,
    upper,
    code
from {{ ref('int_publishing__survival') }}
