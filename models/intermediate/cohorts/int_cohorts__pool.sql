-- One row per control of an analysis: an index event of the treated's kind and quarters, of
-- somebody whom the request neither linked nor could mean, drawn before any re-offending is looked
-- at.
with

pool_rules as (
    select * from {{ ref('int_cohorts__pool_rules') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

people_of_the_request as (
    select * from {{ ref('int_linking__possible_people') }}
),

one_event_a_person as (
    select
        pool_rules.analysis_number,
        events.person_id,
        arg_min(events.event_id, events.draw_order) as event_id,
        arg_min(events.event_type, events.draw_order) as event_type,
        count(*) as qualifying_events_n
    from pool_rules
    inner join events
        on
            pool_rules.stratum = events.event_type
            and pool_rules.index_quarter = events.index_quarter
    left join people_of_the_request
        on
            pool_rules.request_id = people_of_the_request.request_id
            and events.person_id = people_of_the_request.person_id
    where
        {{ pool_rule_that_excludes('pool_rules', 'events') }} is null
        and people_of_the_request.person_id is null
    group by pool_rules.analysis_number, events.person_id
),

analyses as (
    select distinct
        analysis_number,
        request_id,
        analysis_id
    from pool_rules
)

select
    analyses.request_id,
    analyses.analysis_id,
    one_event_a_person.event_type as stratum,
    one_event_a_person.person_id,
    one_event_a_person.event_id,
    one_event_a_person.qualifying_events_n
from one_event_a_person
inner join analyses
    on one_event_a_person.analysis_number = analyses.analysis_number
