-- One row per record received in custody: how many episodes the service overlaps, and the release
-- where exactly one episode can be meant.
with

linked_records as (
    select * from {{ ref('int_eligibility__linked_records') }}
    where route = 'custody'
),

episodes as (
    select * from {{ ref('int_index_events__custody_episodes') }}
    where is_index_event
),

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

overlapped as (
    select
        linked_records.request_id,
        linked_records.record_number,
        count(*) as episodes_n,
        min(episodes.episode_number) as episode_number,
        min(episodes.release_date) as release_date,
        min(episodes.expected_release_date) as expected_release_date
    from linked_records
    inner join episodes
        on
            linked_records.person_id = episodes.person_id
            and linked_records.last_service_date >= episodes.reception_date
            and linked_records.service_date <= coalesce(episodes.release_date, date '9999-12-31')
    group by linked_records.request_id, linked_records.record_number
)

select
    linked_records.request_id,
    linked_records.record_number,
    linked_records.person_id,
    coalesce(overlapped.episodes_n, 0) as episodes_n,
    coalesce(overlapped.episodes_n, 0) = 0 as has_no_sentence,
    coalesce(overlapped.episodes_n, 0) > 1 as has_ambiguous_release,
    coalesce(overlapped.episodes_n, 0) = 1
    and coalesce(overlapped.release_date > extract.reoffending_data_to, true)
        as is_still_in_custody,
    case when overlapped.episodes_n = 1 then overlapped.episode_number end as episode_number,
    case when overlapped.episodes_n = 1 then overlapped.release_date end as release_date,
    case when overlapped.episodes_n = 1 then overlapped.expected_release_date end
        as expected_release_date
from linked_records
cross join extract
left join overlapped
    on
        linked_records.request_id = overlapped.request_id
        and linked_records.record_number = overlapped.record_number
