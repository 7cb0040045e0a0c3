-- One row a control of an analysis: an index event of the treated's kind and quarters, of somebody
-- whom the request neither linked nor could mean, chosen before any re-offending is looked at.
-- Where a request is about either kind, a later event of any kind replaces it.
with

treated as (
    select * from {{ ref('int_cohorts__treated') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

reoffending as (
    select * from {{ ref('int_index_events__reoffending') }}
),

sex_offences as (
    select * from {{ ref('int_index_events__sex_offences') }}
),

requests_about_either as (
    select distinct request_id
    from {{ ref('int_eligibility__linked_records') }}
    where route = 'either'
),

treated_quarters as (
    select
        treated.request_id,
        treated.analysis_id,
        treated.stratum,
        min(events.index_quarter) as first_quarter,
        max(events.index_quarter) as last_quarter
    from treated
    inner join events
        on treated.event_id = events.event_id
    group by treated.request_id, treated.analysis_id, treated.stratum
),

people_of_the_request as (
    select * from {{ ref('int_linking__possible_people') }}
),

qualifying_events as (
    select events.*
    from events
    left join sex_offences
        on events.person_id = sex_offences.person_id
    where
        events.has_complete_follow_up
        and events.is_in_force_on_index_date
        and not {{ is_excluded_as_sex_offence(
            'events', 'sex_offences', "'" ~ var('sex_offence_scope') ~ "'"
        ) }}
),

one_event_a_person as (
    select
        treated_quarters.request_id,
        treated_quarters.analysis_id,
        events.person_id,
        arg_min(events.event_id, (md5(events.event_key), events.event_id)) as event_id
    from treated_quarters
    inner join qualifying_events as events
        on
            treated_quarters.stratum = events.event_type
            and events.index_quarter
            between treated_quarters.first_quarter and treated_quarters.last_quarter
    left join people_of_the_request
        on
            treated_quarters.request_id = people_of_the_request.request_id
            and events.person_id = people_of_the_request.person_id
    where people_of_the_request.person_id is null
    group by
        treated_quarters.request_id,
        treated_quarters.analysis_id,
        events.person_id
)

select
    one_event_a_person.request_id,
    one_event_a_person.analysis_id,
    events.event_type as stratum,
    one_event_a_person.person_id,
    one_event_a_person.event_id,
    least(
        reoffending.days_to_first,
        {{ days_between('events.index_date', 'events.loss_date') }} - 1,
        case
            when requests_about_either.request_id is not null
                then {{ days_between('events.index_date', 'events.next_event_date') }} - 1
        end,
        events.window_last_day
    ) as last_day,
    reoffending.is_reoffender,
    reoffending.reoffences_n,
    reoffending.days_to_first
from one_event_a_person
inner join events
    on one_event_a_person.event_id = events.event_id
inner join reoffending
    on one_event_a_person.event_id = reoffending.event_id
left join requests_about_either
    on one_event_a_person.request_id = requests_about_either.request_id
