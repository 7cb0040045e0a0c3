-- One row per row of the analysis plan of a request that is there, its value in one spelling: words
-- in lower case, the sex of a subgroup as on the PNC, free text as it was written.
with

analysis_plans as (
    select * from {{ ref('stg_lab__analysis_plans') }}
),

requests as (
    select * from {{ ref('int_intake__requests') }}
),

subgroups_in_parts as (
    select
        *,
        lower(trim(split_part(value, '=', 1))) as subgroup_field,
        trim(substr(value, position('=' in value) + 1)) as subgroup_value
    from analysis_plans
)

select
    plans.request_id,
    plans.analysis_id,
    plans.setting,
    case
        when plans.setting = 'label' then plans.value
        when plans.setting <> 'subgroup' then lower(plans.value)
        when plans.subgroup_field = 'sex' then 'sex=' || upper(plans.subgroup_value)
        when plans.subgroup_field in ('establishment', 'user_reference_1')
            then plans.subgroup_field || '=' || plans.subgroup_value
        else plans.subgroup_field || '=' || lower(plans.subgroup_value)
    end as value,
    plans.reason
from subgroups_in_parts as plans
inner join requests
    on plans.request_id = requests.request_id
