-- One row per request and an analysis that it could have: the main one, the regional one, one a
-- kind of event where the request is about either, the subgroups of the lab's plan, and the other
-- scopes of the sex-offence rule as scenarios; with the settings of each. A setting of the plan
-- for `headline` holds for every analysis of the request, unless the analysis has one of its own.
{%- set single_settings = [
    'control_condition', 'match_scale', 'match_width', 'match_width_unit'
] %}
with

requests as (
    select * from {{ ref('int_eligibility__request_settings') }}
),

plan as (
    select * from {{ ref('int_eligibility__plan_settings') }}
),

covariates as (
    select * from {{ ref('covariates') }}
),

requests_about_either as (
    select distinct request_id
    from {{ ref('int_eligibility__linked_records') }}
    where route = 'either'
),

event_types as (
    select kinds.event_type
    from (values ('community_sentence'), ('prison_release')) as kinds (event_type)
),

scopes as (
    {{ rows_of_scopes() }}
),

subgroups as (
    select
        request_id,
        analysis_id,
        split_part(value, '=', 1) as subgroup_field,
        substr(value, position('=' in value) + 1) as subgroup_value
    from plan
    where setting = 'subgroup'
),

analyses as (
    select
        request_id,
        'headline' as analysis_id,
        'headline' as kind,
        cast(null as string) as event_type,
        cast(null as string) as subgroup_field,
        cast(null as string) as subgroup_value,
        sex_offence_scope
    from requests
    union all
    select
        request_id,
        'regional' as analysis_id,
        'regional' as kind,
        null as event_type,
        null as subgroup_field,
        null as subgroup_value,
        sex_offence_scope
    from requests
    union all
    select
        requests.request_id,
        event_types.event_type as analysis_id,
        'event_type' as kind,
        event_types.event_type,
        null as subgroup_field,
        null as subgroup_value,
        requests.sex_offence_scope
    from requests
    inner join requests_about_either
        on requests.request_id = requests_about_either.request_id
    cross join event_types
    union all
    select
        requests.request_id,
        subgroups.analysis_id,
        'subgroup' as kind,
        case when subgroups.subgroup_field = 'event_type' then subgroups.subgroup_value end
            as event_type,
        subgroups.subgroup_field,
        subgroups.subgroup_value,
        requests.sex_offence_scope
    from requests
    inner join subgroups
        on requests.request_id = subgroups.request_id
    union all
    select
        requests.request_id,
        'scope_' || scopes.sex_offence_scope as analysis_id,
        'scenario' as kind,
        null as event_type,
        null as subgroup_field,
        null as subgroup_value,
        scopes.sex_offence_scope
    from requests
    inner join scopes
        on requests.sex_offence_scope <> scopes.sex_offence_scope
),

plan_of_analyses as (
    select
        analyses.request_id,
        analyses.analysis_id,
        plan.setting,
        plan.value,
        plan.reason,
        plan.analysis_id = analyses.analysis_id as is_its_own
    from analyses
    inner join plan
        on
            analyses.request_id = plan.request_id
            and plan.analysis_id in ('headline', analyses.analysis_id)
),

single_settings as (
    select
        request_id,
        analysis_id,
        {% for setting in single_settings -%}
            max_by(value, is_its_own) filter (
                where setting = '{{ setting }}' and value is not null
            ) as {{ setting }},
        {% endfor -%}
        max(value) filter (where setting = 'label' and is_its_own) as label,
        {{ joined_texts(
            'reason', '; ', "is_its_own and setting not in ('label', 'override_gate')"
        ) }} as reason
    from plan_of_analyses
    group by request_id, analysis_id
),

exact_variables as (
    select
        request_id,
        analysis_id,
        value as exact_on
    from plan_of_analyses
    where setting = 'exact_on'
    union
    select
        request_id,
        analysis_id,
        'region' as exact_on
    from analyses
    where kind = 'regional'
),

exact_lists as (
    select
        request_id,
        analysis_id,
        {{ joined_texts('exact_on', ',') }} as exact_on
    from exact_variables
    group by request_id, analysis_id
),

left_out_lists as (
    select
        plan_of_analyses.request_id,
        plan_of_analyses.analysis_id,
        {{ joined_texts('covariates.covariate', ',') }} as left_out
    from plan_of_analyses
    inner join covariates
        on plan_of_analyses.value in (covariates.covariate, covariates.family)
    where plan_of_analyses.setting = 'leave_out'
    group by plan_of_analyses.request_id, plan_of_analyses.analysis_id
)

select
    analyses.request_id,
    analyses.analysis_id,
    analyses.kind,
    single_settings.label,
    analyses.event_type,
    analyses.subgroup_field,
    analyses.subgroup_value,
    case
        when analyses.kind = 'regional' or analyses.subgroup_field = 'region' then 'regional'
        else 'national'
    end as pool,
    coalesce(single_settings.control_condition, requests.control_condition) as control_condition,
    analyses.sex_offence_scope,
    requests.window_months,
    requests_about_either.request_id is not null as is_about_either,
    coalesce(single_settings.match_scale, '{{ var("match_scale") }}') as match_scale,
    coalesce(cast(single_settings.match_width as double), {{ var('match_width') }}) as match_width,
    coalesce(single_settings.match_width_unit, '{{ var("match_width_unit") }}')
        as match_width_unit,
    coalesce(exact_lists.exact_on, '') as exact_on,
    coalesce(left_out_lists.left_out, '') as left_out,
    single_settings.reason
from analyses
inner join requests
    on analyses.request_id = requests.request_id
left join requests_about_either
    on analyses.request_id = requests_about_either.request_id
left join single_settings
    on
        analyses.request_id = single_settings.request_id
        and analyses.analysis_id = single_settings.analysis_id
left join exact_lists
    on
        analyses.request_id = exact_lists.request_id
        and analyses.analysis_id = exact_lists.analysis_id
left join left_out_lists
    on
        analyses.request_id = left_out_lists.request_id
        and analyses.analysis_id = left_out_lists.analysis_id
