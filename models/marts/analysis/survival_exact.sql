-- One row per month of an arm of an analysis: exact numbers at risk, unrounded survival.
select
    request_id,
    analysis_id,
    arm,
    month,
    at_risk_n,
    events_n,
    survival,
    lower,
    upper
from {{ ref('int_outcomes__survival') }}
