-- One row per analysis and a step of its control pool's waterfall: from the index events of the
-- treated's kind and quarters to the controls that may be matched. Events are counted in cells,
-- once for all analyses; what the cells cannot know, people, is counted beside.
with

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

pool_rules as (
    select * from {{ ref('int_cohorts__pool_rules') }}
),

pool_steps as (
    select * from {{ ref('pool_steps') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

people_of_the_request as (
    select * from {{ ref('int_linking__possible_people') }}
),

pool as (
    select * from {{ ref('int_cohorts__pool') }}
),

members as (
    select * from {{ ref('int_cohorts__members') }}
),

cells as (
    select
        event_type,
        index_quarter,
        region,
        sex,
        age_band,
        has_complete_follow_up,
        is_in_force_on_index_date,
        is_excluded_by_scope_ever,
        is_excluded_by_scope_ever_before,
        is_excluded_by_scope_index,
        count(*) as events_n
    from events
    group by all
),

events_of_the_kind as (
    select
        pool_rules.request_id,
        pool_rules.analysis_id,
        {{ pool_rule_that_excludes('pool_rules', 'cells') }} as step,
        sum(cells.events_n) as events_n
    from pool_rules
    inner join cells
        on
            pool_rules.stratum = cells.event_type
            and pool_rules.index_quarter = cells.index_quarter
    group by all
),

events_of_the_request as (
    select
        pool_rules.request_id,
        pool_rules.analysis_id,
        {{ pool_rule_that_excludes('pool_rules', 'events') }} as step,
        count(*) as events_n
    from people_of_the_request
    inner join events
        on people_of_the_request.person_id = events.person_id
    inner join pool_rules
        on
            people_of_the_request.request_id = pool_rules.request_id
            and events.event_type = pool_rules.stratum
            and events.index_quarter = pool_rules.index_quarter
    group by all
),

-- whoever is of the request leaves before regions and subgroups are looked at
events_of_the_request_until_then as (
    select
        request_id,
        analysis_id,
        step,
        events_n
    from events_of_the_request
    where coalesce(step, 'qualifies') in ('qualifies', 'other_region', 'outside_subgroup')
),

removed_events as (
    select
        request_id,
        analysis_id,
        step,
        events_n
    from events_of_the_kind
    union all
    select
        request_id,
        analysis_id,
        step,
        -events_n as events_n
    from events_of_the_request_until_then
    union all
    select
        request_id,
        analysis_id,
        'of_the_request' as step,
        events_n
    from events_of_the_request_until_then
    union all
    select
        request_id,
        analysis_id,
        'other_event_of_the_person' as step,
        sum(qualifying_events_n - 1) as events_n
    from pool
    group by request_id, analysis_id
    union all
    select
        members.request_id,
        members.analysis_id,
        'reoffended_in_window' as step,
        count(*) as events_n
    from members
    inner join analyses
        on
            members.request_id = analyses.request_id
            and members.analysis_id = analyses.analysis_id
    where
        analyses.control_condition = 'fixed'
        and not members.is_treated
        and members.days_to_first <= members.window_last_day
    group by members.request_id, members.analysis_id
),

removed as (
    select
        request_id,
        analysis_id,
        step,
        sum(events_n) as removed_n
    from removed_events
    where step is not null
    group by request_id, analysis_id, step
),

started_with as (
    select
        request_id,
        analysis_id,
        sum(events_n) as events_n
    from events_of_the_kind
    group by request_id, analysis_id
)

select
    analyses.request_id,
    analyses.analysis_id,
    pool_steps.step_number,
    pool_steps.step,
    pool_steps.description,
    cast(coalesce(removed.removed_n, 0) as bigint) as removed_n,
    cast(
        started_with.events_n
        - sum(coalesce(removed.removed_n, 0)) over (
            partition by analyses.request_id, analyses.analysis_id
            order by pool_steps.step_number
            rows between unbounded preceding and current row
        ) as bigint
    ) as remaining_n
from analyses
cross join pool_steps
inner join started_with
    on
        analyses.request_id = started_with.request_id
        and analyses.analysis_id = started_with.analysis_id
left join removed
    on
        analyses.request_id = removed.request_id
        and analyses.analysis_id = removed.analysis_id
        and pool_steps.step = removed.step
