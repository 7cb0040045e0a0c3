-- One row per request: the settings that its index events and controls are chosen by, those of its
-- plan before those of the project.
with

requests as (
    select * from {{ ref('int_intake__requests') }}
),

plan_settings as (
    select * from {{ ref('int_eligibility__plan_settings') }}
    where analysis_id = 'headline'
),

planned as (
    select
        request_id,
        max(value) filter (where setting = 'control_condition') as control_condition,
        max(value) filter (where setting = 'sex_offence_scope') as sex_offence_scope,
        cast(max(value) filter (where setting = 'window_months') as int) as window_months
    from plan_settings
    group by request_id
)

select
    requests.request_id,
    coalesce(planned.control_condition, '{{ var("control_condition") }}') as control_condition,
    coalesce(planned.sex_offence_scope, '{{ var("sex_offence_scope") }}') as sex_offence_scope,
    coalesce(planned.window_months, {{ var('window_months') }}) as window_months
from requests
left join planned
    on requests.request_id = planned.request_id
