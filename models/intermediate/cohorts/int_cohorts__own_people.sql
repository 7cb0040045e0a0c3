-- One row per request, scope of the sex-offence rule and person whom the request links, holds in
-- review or could mean, with the day from which on none of the person's events can be a control.
with

people_of_requests as (
    select * from {{ ref('int_linking__people_of_requests') }}
),

eligible_records as (
    select * from {{ ref('int_eligibility__eligible_records') }}
),

events as (
    select * from {{ ref('int_cohorts__events') }}
),

scopes as (
    {{ rows_of_scopes() }}
)

select
    people_of_requests.request_id,
    scopes.sex_offence_scope,
    people_of_requests.person_id,
    people_of_requests.is_linked,
    people_of_requests.own_start_date,
    case
        when people_of_requests.is_linked
            then coalesce(events.index_date, people_of_requests.own_start_date)
    end as control_until_date
from people_of_requests
cross join scopes
left join eligible_records
    on
        people_of_requests.request_id = eligible_records.request_id
        and scopes.sex_offence_scope = eligible_records.sex_offence_scope
        and people_of_requests.person_id = eligible_records.person_id
left join events
    on eligible_records.event_id = events.event_id
