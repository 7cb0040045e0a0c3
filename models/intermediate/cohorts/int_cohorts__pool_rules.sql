-- One row per analysis, a kind of index event and a quarter in which it looks for controls: from
-- the first to the last quarter of its treated people, with what an event must have.
with

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

treated as (
    select * from {{ ref('int_cohorts__treated') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

treated_events as (
    select
        analyses.request_id,
        analyses.analysis_id,
        treated.stratum,
        events.index_quarter,
        events.region
    from analyses
    inner join treated
        on
            analyses.request_id = treated.request_id
            and analyses.analysis_id = treated.analysis_id
    inner join events
        on treated.event_id = events.event_id
),

quarters as (
    select
        request_id,
        analysis_id,
        stratum,
        {{ rows_of(numbers('min(index_quarter)', 'max(index_quarter)')) }} as index_quarter
    from treated_events
    group by request_id, analysis_id, stratum
),

regions as (
    select
        request_id,
        analysis_id,
        array_sort(array_agg(distinct region)) as regions
    from treated_events
    where region is not null
    group by request_id, analysis_id
)

select
    dense_rank() over (order by analyses.request_id, analyses.analysis_id) as analysis_number,
    analyses.request_id,
    analyses.analysis_id,
    quarters.stratum,
    quarters.index_quarter,
    analyses.sex_offence_scope,
    case when analyses.kind = 'regional' then regions.regions end as regions,
    case when analyses.subgroup_field = 'region' then analyses.subgroup_value end as region,
    case when analyses.subgroup_field = 'sex' then analyses.subgroup_value end as sex,
    case when analyses.subgroup_field = 'age_band' then analyses.subgroup_value end as age_band
from quarters
inner join analyses
    on
        quarters.request_id = analyses.request_id
        and quarters.analysis_id = analyses.analysis_id
left join regions
    on
        quarters.request_id = regions.request_id
        and quarters.analysis_id = regions.analysis_id
