-- Failing rows: control events of people whom the request means in doubt, or whose event is not
-- before the treated event of that person or, where nothing of that person is eligible, before the
-- earliest service date of the linked records.
with

members as (
    select * from {{ ref('int_cohorts__members') }}
),

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

links as (
    select * from {{ ref('int_linking__links') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

eligible_records as (
    select * from {{ ref('int_eligibility__eligible_records') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

in_doubt as (
    select
        found_people.request_id,
        found_people.person_id
    from {{ ref('int_linking__found_people') }} as found_people
    inner join {{ ref('int_linking__decisions') }} as decisions
        on
            found_people.request_id = decisions.request_id
            and found_people.record_number = decisions.record_number
    where
        decisions.decision in ('ambiguous', 'in_review')
        and (
            found_people.person_id = decisions.person_id
            or found_people.match_probability >= {{ var('link_review_probability') }}
        )
    union
    select
        candidates.request_id,
        candidates.person_id
    from {{ ref('int_linking__candidates') }} as candidates
    inner join links
        on
            candidates.request_id = links.request_id
            and candidates.record_number = links.record_number
    where candidates.is_deciding and links.is_ambiguous
),

own_starts as (
    select
        links.request_id,
        links.person_id,
        min(records.service_date) as own_start_date
    from links
    inner join records
        on
            links.request_id = records.request_id
            and links.record_number = records.record_number
    where links.person_id is not null
    group by links.request_id, links.person_id
)

select
    members.request_id,
    members.analysis_id,
    members.event_id
from members
inner join analyses
    on
        members.request_id = analyses.request_id
        and members.analysis_id = analyses.analysis_id
left join in_doubt
    on
        members.request_id = in_doubt.request_id
        and members.person_id = in_doubt.person_id
left join own_starts
    on
        members.request_id = own_starts.request_id
        and members.person_id = own_starts.person_id
left join eligible_records
    on
        members.request_id = eligible_records.request_id
        and analyses.sex_offence_scope = eligible_records.sex_offence_scope
        and members.person_id = eligible_records.person_id
left join events
    on eligible_records.event_id = events.event_id
where
    not members.is_treated
    and (
        in_doubt.person_id is not null
        or members.index_date >= coalesce(events.index_date, own_starts.own_start_date)
    )
