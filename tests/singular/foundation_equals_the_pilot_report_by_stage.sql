-- A warning: a sample that somebody changed is still built; `make test` makes it an error.
{{ config(severity="warn") }}
-- Failing rows: stages of the worked example that the synthetic sample does not reproduce.
with

pilot_attrition as (
    select * from {{ ref('pilot_attrition') }}
),

foundation as (
    select
        stage,
        min(remaining_n) as remaining_n
    from {{ ref('attrition_exact') }}
    where request_id = 'foundation'
    group by stage
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
)

select
    pilot_attrition.stage,
    pilot_attrition.remaining_n as expected_n,
    foundation.remaining_n as found_n
from pilot_attrition
cross join extract
full outer join foundation
    on pilot_attrition.stage = foundation.stage
where
    extract.is_synthetic
    and exists (select 1 from foundation)
    and pilot_attrition.remaining_n is distinct from foundation.remaining_n
