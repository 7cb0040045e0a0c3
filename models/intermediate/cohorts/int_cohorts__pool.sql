{{ config(materialized='view') }}
-- One row per control event of an analysis: every qualifying index event of the treated's kind and
-- quarters, of people whom the request neither links nor could mean, and of people whom it links
-- those before their service.
with

pool_rules as (
    select * from {{ ref('int_cohorts__pool_rules') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

own_people as (
    select * from {{ ref('int_cohorts__own_people') }}
),

linked_people as (
    select
        person_id,
        min(request_id) as first_request_id,
        max(request_id) as last_request_id
    from own_people
    where own_start_date is not null
    group by person_id
)

select
    pool_rules.request_id,
    pool_rules.analysis_id,
    pool_rules.stratum,
    events.person_id,
    events.event_id,
    events.draw_order,
    cast({{ days_between('events.index_date', 'own_people.own_start_date') }} - 1 as int)
        as own_last_day,
    coalesce(
        linked_people.first_request_id <> pool_rules.request_id
        or linked_people.last_request_id <> pool_rules.request_id,
        false
    ) as is_linked_elsewhere
from pool_rules
inner join events
    on
        pool_rules.stratum = events.event_type
        and pool_rules.index_quarter = events.index_quarter
left join own_people
    on
        pool_rules.request_id = own_people.request_id
        and pool_rules.sex_offence_scope = own_people.sex_offence_scope
        and events.person_id = own_people.person_id
left join linked_people
    on events.person_id = linked_people.person_id
where {{ pool_rule_that_excludes('pool_rules', 'events', 'own_people') }} is null
