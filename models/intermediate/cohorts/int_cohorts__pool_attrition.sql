-- One row per analysis and a step of its control pool's waterfall: from the index events of the
-- treated's kind and quarters to the controls that may be matched, and of these the classes that
-- somebody may ask about. Events are counted in cells, once for all analyses; what the cells cannot
-- know, people, is counted beside.
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

own_people as (
    select * from {{ ref('int_cohorts__own_people') }}
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

events_of_own_people as (
    select
        pool_rules.request_id,
        pool_rules.analysis_id,
        {{ pool_rule_that_excludes('pool_rules', 'events') }} as step_of_anybody,
        {{ pool_rule_that_excludes('pool_rules', 'events', 'own_people') }} as step,
        count(*) as events_n
    from own_people
    inner join events
        on own_people.person_id = events.person_id
    inner join pool_rules
        on
            own_people.request_id = pool_rules.request_id
            and own_people.sex_offence_scope = pool_rules.sex_offence_scope
            and events.event_type = pool_rules.stratum
            and events.index_quarter = pool_rules.index_quarter
    group by all
),

controls as (
    select
        members.request_id,
        members.analysis_id,
        members.is_linked_elsewhere,
        members.own_last_day is not null as is_of_the_request,
        case
            when members.own_last_day < 0 then 'own_service_in_window'
            when
                analyses.control_condition = 'fixed'
                and members.own_last_day < members.window_last_day
                then 'own_service_in_window'
            when
                analyses.control_condition = 'fixed'
                and members.days_to_first <= members.window_last_day
                then 'reoffended_in_window'
        end as step
    from members
    inner join analyses
        on
            members.request_id = analyses.request_id
            and members.analysis_id = analyses.analysis_id
    -- who else is a control is neither removed nor asked about
    where
        not members.is_treated
        and (
            members.own_last_day is not null
            or members.is_linked_elsewhere
            or analyses.control_condition = 'fixed'
        )
),

kept as (
    select
        request_id,
        analysis_id,
        {{ rows_of(list_of([
            "case when is_linked_elsewhere and not is_of_the_request "
            ~ "then 'kept_linked_elsewhere' end",
            "case when is_of_the_request then 'kept_before_own_service' end",
        ])) }} as step
    from controls
    where step is null
),

controls_and_kept as (
    select
        request_id,
        analysis_id,
        step
    from controls
    union all
    select * from kept
),

events_of_steps as (
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
        step_of_anybody as step,
        -events_n as events_n
    from events_of_own_people
    union all
    select
        request_id,
        analysis_id,
        step,
        events_n
    from events_of_own_people
    union all
    select
        request_id,
        analysis_id,
        step,
        count(*) as events_n
    from controls_and_kept
    group by all
),

counted as (
    select
        request_id,
        analysis_id,
        step,
        sum(events_n) as events_n
    from events_of_steps
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
),

removed as (
    select
        analyses.request_id,
        analyses.analysis_id,
        pool_steps.step_number,
        pool_steps.step,
        pool_steps.description,
        pool_steps.is_removal,
        started_with.events_n as started_with_n,
        coalesce(counted.events_n, 0) as events_n,
        case when pool_steps.is_removal then coalesce(counted.events_n, 0) else 0 end as removed_n
    from analyses
    cross join pool_steps
    inner join started_with
        on
            analyses.request_id = started_with.request_id
            and analyses.analysis_id = started_with.analysis_id
    left join counted
        on
            analyses.request_id = counted.request_id
            and analyses.analysis_id = counted.analysis_id
            and pool_steps.step = counted.step
)

select
    request_id,
    analysis_id,
    step_number,
    step,
    description,
    is_removal,
    cast(events_n as bigint) as events_n,
    cast(removed_n as bigint) as removed_n,
    cast(
        started_with_n
        - sum(removed_n) over (
            partition by request_id, analysis_id
            order by step_number
            rows between unbounded preceding and current row
        ) as bigint
    ) as remaining_n
from removed
