-- One row per record received in the community: the most recent proven disposal and the latest
-- release on or before the start, and which of the two events is meant.
with

linked_records as (
    select * from {{ ref('int_eligibility__linked_records') }}
    where route in ('community_sentence', 'prison_release', 'either')
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

latest_cases as (
    select
        linked_records.request_id,
        linked_records.record_number,
        max(cases.case_number) as case_number
    from linked_records
    inner join cases
        on
            linked_records.person_id = cases.person_id
            and linked_records.start_date >= cases.case_date
    group by linked_records.request_id, linked_records.record_number
),

latest_releases as (
    select
        linked_records.request_id,
        linked_records.record_number,
        max_by(events.event_id, events.index_date) as event_id
    from linked_records
    inner join events
        on
            linked_records.person_id = events.person_id
            and events.event_type = 'prison_release'
            and linked_records.start_date >= events.index_date
    group by linked_records.request_id, linked_records.record_number
),

most_recent as (
    select
        linked_records.request_id,
        linked_records.record_number,
        linked_records.person_id,
        linked_records.start_date,
        linked_records.route,
        linked_records.window_months,
        cases.case_id,
        cases.case_date,
        cases.disposal_type,
        sentences.event_id as sentence_event_id,
        sentences.index_date as sentence_date,
        releases.event_id as release_event_id,
        releases.index_date as release_date
    from linked_records
    left join latest_cases
        on
            linked_records.request_id = latest_cases.request_id
            and linked_records.record_number = latest_cases.record_number
    left join cases
        on
            linked_records.person_id = cases.person_id
            and latest_cases.case_number = cases.case_number
    left join events as sentences
        on
            cases.person_id = sentences.person_id
            and cases.case_id = sentences.case_id
            and sentences.event_type = 'community_sentence'
    left join latest_releases
        on
            linked_records.request_id = latest_releases.request_id
            and linked_records.record_number = latest_releases.record_number
    left join events as releases
        on latest_releases.event_id = releases.event_id
),

{#
  Either: the latest of both. A sentence whose order starts after the service is it only when its
  case was proven after the release, which it then replaced.
#}
meant as (
    select
        *,
        case
            when route <> 'either' then route
            when release_date is null then 'community_sentence'
            when
                sentence_date >= release_date
                and (sentence_date <= start_date or case_date > release_date)
                then 'community_sentence'
            else 'prison_release'
        end as event_type
    from most_recent
),

ruled as (
    select
        *,
        case event_type
            when 'community_sentence' then sentence_event_id
            when 'prison_release' then release_event_id
        end as event_id,
        case event_type
            when 'community_sentence' then sentence_date
            when 'prison_release' then release_date
        end as index_date,
        case event_type
            when 'community_sentence' then case_id is null
            when 'prison_release' then release_date is null and case_id is null
        end as has_no_sentence,
        case event_type
            when 'community_sentence' then case_id is not null and sentence_event_id is null
            when 'prison_release'
                then case_id is not null and coalesce(case_date > release_date, true)
        end as has_other_disposal
    from meant
)

select
    request_id,
    record_number,
    person_id,
    case_id as latest_case_id,
    case_date as latest_case_date,
    disposal_type as latest_disposal_type,
    sentence_event_id as latest_sentence_event_id,
    release_event_id as latest_release_event_id,
    event_type,
    event_id,
    has_no_sentence,
    has_other_disposal,
    has_other_disposal
    and case_date <= start_date
    and start_date < {{ add_months('case_date', 'window_months') }}
        as is_other_disposal_within_window,
    coalesce(
        start_date < index_date
        or start_date >= {{ add_months('index_date', 'window_months') }},
        false
    ) as is_outside_window,
    coalesce(start_date < index_date, false) as is_referred_before_sentence
from ruled
