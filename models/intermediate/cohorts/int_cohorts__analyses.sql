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

people_of_the_request as (
    select * from {{ ref('int_linking__possible_people') }}
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

drawn_in_both as (
    select
        scenarios.request_id,
        scenarios.analysis_id,
        events.person_id,
        min(events.draw_order) filter (
            where not {{ is_excluded_in_scope('events', 'scenarios.sex_offence_scope') }}
        ) as drawn_in_the_scenario,
        min(events.draw_order) filter (
            where not {{ is_excluded_in_scope('events', 'scenarios.headline_scope') }}
        ) as drawn_in_the_headline
    from scenarios
    inner join headline_quarters
        on scenarios.request_id = headline_quarters.request_id
    inner join events_of_sex_offenders as events
        on
            headline_quarters.stratum = events.event_type
            and events.index_quarter
            between headline_quarters.first_quarter and headline_quarters.last_quarter
    left join people_of_the_request
        on
            scenarios.request_id = people_of_the_request.request_id
            and events.person_id = people_of_the_request.person_id
    where people_of_the_request.person_id is null
    group by scenarios.request_id, scenarios.analysis_id, events.person_id
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
    from drawn_in_both
    where
        coalesce(drawn_in_the_scenario, 0) <> coalesce(drawn_in_the_headline, 0)
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
