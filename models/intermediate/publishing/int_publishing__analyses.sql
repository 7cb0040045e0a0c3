-- One row per analysis that readers may hear of: of a request that was analysed, and no scenario of
-- the sensitivity table. What a provider wrote about people (user_reference_1) is not shown; the
-- lab's label is.
with

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
    where kind <> 'scenario'
),

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    where is_analysed
)

select
    analyses.request_id,
    analyses.analysis_id,
    analyses.kind,
    analyses.label,
    analyses.subgroup_field,
    case when analyses.subgroup_field <> 'user_reference_1' then analyses.subgroup_value end
        as subgroup_value,
    analyses.pool,
    analyses.control_condition,
    analyses.sex_offence_scope,
    analyses.match_scale,
    analyses.match_width,
    analyses.match_width_unit,
    analyses.exact_on,
    analyses.left_out,
    if(analyses.reason is null, null, 'The analysis plan asks for it') as reason,
    analyses.eligible_n
from analyses
inner join requests
    on analyses.request_id = requests.request_id
