-- One row a control of an analysis: an index event of the treated's kind and quarters, of somebody
-- whom the request neither linked nor could mean, drawn before any re-offending is looked at.
-- Where a request is about either kind, a later event of any kind replaces it.
with

pool_rules as (
    select * from {{ ref('int_cohorts__pool_rules') }}
),

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

cohort_events as (
    select * from {{ ref('int_cohorts__events') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

reoffending as (
    select * from {{ ref('int_index_events__reoffending') }}
),

people_of_the_request as (
    select * from {{ ref('int_linking__possible_people') }}
),

one_event_a_person as (
    select
        pool_rules.analysis_number,
        events.person_id,
        arg_min(events.event_id, events.draw_order) as event_id,
        count(*) as qualifying_events_n
    from pool_rules
    inner join cohort_events as events
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

numbered_analyses as (
    select distinct
        pool_rules.analysis_number,
        analyses.request_id,
        analyses.analysis_id,
        analyses.window_months,
        analyses.is_about_either
    from pool_rules
    inner join analyses
        on
            pool_rules.request_id = analyses.request_id
            and pool_rules.analysis_id = analyses.analysis_id
)

select
    analyses.request_id,
    analyses.analysis_id,
    events.event_type as stratum,
    one_event_a_person.person_id,
    one_event_a_person.event_id,
    one_event_a_person.qualifying_events_n,
    least(
        reoffending.days_to_first,
        {{ days_between('events.index_date', 'events.loss_date') }} - 1,
        case
            when analyses.is_about_either
                then {{ days_between('events.index_date', 'events.next_event_date') }} - 1
        end,
        {{ window_last_day('events.index_date', 'analyses.window_months') }}
    ) as last_day
from one_event_a_person
inner join numbered_analyses as analyses
    on one_event_a_person.analysis_number = analyses.analysis_number
inner join events
    on one_event_a_person.event_id = events.event_id
inner join reoffending
    on one_event_a_person.event_id = reoffending.event_id
