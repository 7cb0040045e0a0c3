-- One row per record linked to a person with a proven offence, with its service and where it was
-- received: the records for which an index event is looked for.
with

records as (
    select * from {{ ref('int_intake__records') }}
),

requests as (
    select * from {{ ref('int_intake__requests') }}
),

request_settings as (
    select * from {{ ref('int_eligibility__request_settings') }}
),

links as (
    select * from {{ ref('int_linking__links') }}
    where person_id is not null and not has_no_conviction
),

episodes as (
    select * from {{ ref('int_index_events__custody_episodes') }}
    where is_index_event
),

linked_records as (
    select
        records.request_id,
        records.record_number,
        links.person_id,
        records.start_date,
        records.end_date,
        records.service_date,
        coalesce(records.end_date, records.start_date) as last_service_date,
        requests.delivered_in,
        requests.index_event,
        request_settings.window_months
    from links
    inner join records
        on
            links.request_id = records.request_id
            and links.record_number = records.record_number
    inner join requests
        on links.request_id = requests.request_id
    inner join request_settings
        on links.request_id = request_settings.request_id
),

started_in_custody as (
    select distinct
        linked_records.request_id,
        linked_records.record_number
    from linked_records
    inner join episodes
        on
            linked_records.person_id = episodes.person_id
            and linked_records.service_date >= episodes.reception_date
            and linked_records.service_date < coalesce(episodes.release_date, date '9999-12-31')
)

select
    linked_records.*,
    case
        when linked_records.delivered_in = 'custody' then 'custody'
        when linked_records.delivered_in = 'through_the_gate'
            then
                case
                    when started_in_custody.record_number is not null then 'custody'
                    when linked_records.start_date is null then 'unknown'
                    else 'prison_release'
                end
        else linked_records.index_event
    end as route
from linked_records
left join started_in_custody
    on
        linked_records.request_id = started_in_custody.request_id
        and linked_records.record_number = started_in_custody.record_number
