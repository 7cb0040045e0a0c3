-- A warning: a sample that somebody changed is still built; `make test` makes it an error.
{{ config(severity="warn") }}
-- Failing rows: reasons of the worked example that the synthetic sample does not reproduce; one
-- that the report does not have removes nobody.
with

pilot_attrition_reasons as (
    select * from {{ ref('pilot_attrition_reasons') }}
),

foundation as (
    select * from {{ ref('attrition_exact') }}
    where request_id = 'foundation' and reason is not null
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
)

select
    coalesce(pilot_attrition_reasons.reason, foundation.reason) as reason,
    pilot_attrition_reasons.removed_n as expected_n,
    foundation.removed_n as found_n
from pilot_attrition_reasons
full outer join foundation
    on pilot_attrition_reasons.reason = foundation.reason
where
    (select is_synthetic from extract)
    and exists (select 1 from foundation)
    and coalesce(pilot_attrition_reasons.removed_n, 0) is distinct from foundation.removed_n
