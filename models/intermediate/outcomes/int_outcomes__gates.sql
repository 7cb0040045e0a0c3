-- One row per gate of an analysis, with whether the lab overrides one that does not pass. A row of
-- the plan for `headline` holds for every analysis of the request.
with

gates_of_figures as (
    select * from {{ ref('int_matching__gates') }}
),

plan_changes as (
    select * from {{ ref('stg_lab__plan_changes') }}
),

analyses as (
    select distinct
        request_id,
        analysis_id
    from gates_of_figures
),

gates as (
    select
        request_id,
        analysis_id,
        gate,
        value,
        limit_value,
        passes
    from gates_of_figures
    union all
    select
        analyses.request_id,
        analyses.analysis_id,
        'plan' as gate,
        cast(coalesce(plan_changes.changed_n, 0) as double) as value,
        cast(0 as double) as limit_value,
        coalesce(plan_changes.changed_n, 0) = 0 as passes
    from analyses
    left join plan_changes
        on analyses.request_id = plan_changes.request_id
),

overrides as (
    select
        request_id,
        analysis_id,
        value as gate
    from {{ ref('int_eligibility__plan_settings') }}
    where setting = 'override_gate'
),

overridden as (
    select distinct
        gates.request_id,
        gates.analysis_id,
        gates.gate
    from gates
    inner join overrides
        on
            gates.request_id = overrides.request_id
            and gates.gate = overrides.gate
            and overrides.analysis_id in ('headline', gates.analysis_id)
    where not gates.passes
)

select
    gates.request_id,
    gates.analysis_id,
    gates.gate,
    gates.value,
    gates.limit_value,
    gates.passes,
    overridden.gate is not null as is_overridden
from gates
left join overridden
    on
        gates.request_id = overridden.request_id
        and gates.analysis_id = overridden.analysis_id
        and gates.gate = overridden.gate
