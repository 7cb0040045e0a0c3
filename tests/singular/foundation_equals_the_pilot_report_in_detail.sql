-- A warning: a sample that somebody changed is still built; `make test` makes it an error.
{{ config(severity="warn") }}
-- Failing rows: details of the worked example that the synthetic sample does not reproduce.
with

pilot_attrition_detail as (
    select * from {{ ref('pilot_attrition_detail') }}
),

foundation as (
    select * from {{ ref('attrition_detail') }}
    where request_id = 'foundation'
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
)

select
    pilot_attrition_detail.detail,
    pilot_attrition_detail.n as expected_n,
    foundation.n as found_n
from pilot_attrition_detail
cross join extract
left join foundation
    on pilot_attrition_detail.detail = foundation.detail
where
    extract.is_synthetic
    and exists (select 1 from foundation)
    and pilot_attrition_detail.n is distinct from foundation.n
