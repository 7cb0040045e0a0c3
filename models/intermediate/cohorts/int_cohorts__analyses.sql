-- One row per analysis that is made: the planned ones with enough treated people, in requests whose
-- main analysis has enough, and of the scenarios those that change who is treated or a control.
with

planned_analyses as (
    select * from {{ ref('int_cohorts__planned_analyses') }}
),

treated as (
    select * from {{ ref('int_cohorts__treated') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

own_people as (
    select * from {{ ref('int_cohorts__own_people') }}
),

large_enough as (
    select
        request_id,
        analysis_id,
        count(*) as eligible_n
    from treated
    group by request_id, analysis_id
    having count(*) >= {{ var('minimum_analysed') }}
),

headlines as (
    select
        planned_analyses.request_id,
        planned_analyses.sex_offence_scope
    from planned_analyses
    inner join large_enough
        on
            planned_analyses.request_id = large_enough.request_id
            and planned_analyses.analysis_id = large_enough.analysis_id
    where planned_analyses.analysis_id = 'headline'
),

scenarios as (
    select
        planned_analyses.request_id,
        planned_analyses.analysis_id,
        planned_analyses.sex_offence_scope,
        headlines.sex_offence_scope as headline_scope
    from planned_analyses
    inner join headlines
        on planned_analyses.request_id = headlines.request_id
    where planned_analyses.kind = 'scenario'
),

treated_of_both as (
    select
        scenarios.request_id,
        scenarios.analysis_id,
        treated.person_id,
        treated.event_id,
        count(*) as places_n
    from scenarios
    inner join treated
        on
            scenarios.request_id = treated.request_id
            and treated.analysis_id in ('headline', scenarios.analysis_id)
    group by
        scenarios.request_id, scenarios.analysis_id, treated.person_id, treated.event_id
),

headline_quarters as (
    select
        treated.request_id,
        treated.stratum,
        min(events.index_quarter) as first_quarter,
        max(events.index_quarter) as last_quarter
    from treated
    inner join events
        on treated.event_id = events.event_id
    where treated.analysis_id = 'headline'
    group by treated.request_id, treated.stratum
),

events_of_sex_offenders as (
    select * from events
    where
        has_complete_follow_up
        and is_in_force_on_index_date
        and is_excluded_by_scope_ever
),

controls_of_one as (
    select distinct
        scenarios.request_id,
        scenarios.analysis_id
    from scenarios
    inner join headline_quarters
        on scenarios.request_id = headline_quarters.request_id
    inner join events_of_sex_offenders as events
        on
            headline_quarters.stratum = events.event_type
            and events.index_quarter
            between headline_quarters.first_quarter and headline_quarters.last_quarter
    left join own_people
        on
            scenarios.request_id = own_people.request_id
            and scenarios.headline_scope = own_people.sex_offence_scope
            and events.person_id = own_people.person_id
    where
        {{ is_excluded_in_scope('events', 'scenarios.sex_offence_scope') }}
        <> {{ is_excluded_in_scope('events', 'scenarios.headline_scope') }}
        and (
            own_people.person_id is null
            or coalesce(events.index_date < own_people.control_until_date, false)
        )
),

scenarios_that_differ as (
    select
        request_id,
        analysis_id
    from treated_of_both
    where places_n = 1
    union
    select
        request_id,
        analysis_id
    from controls_of_one
)

select
    planned_analyses.*,
    large_enough.eligible_n
from planned_analyses
inner join headlines
    on planned_analyses.request_id = headlines.request_id
inner join large_enough
    on
        planned_analyses.request_id = large_enough.request_id
        and planned_analyses.analysis_id = large_enough.analysis_id
left join scenarios_that_differ
    on
        planned_analyses.request_id = scenarios_that_differ.request_id
        and planned_analyses.analysis_id = scenarios_that_differ.analysis_id
where
    planned_analyses.kind <> 'scenario'
    or scenarios_that_differ.analysis_id is not null
