-- One row per request and person whom it links, holds in review or could ambiguously mean, with the
-- earliest service date of the person's records.
with

deciding_candidates as (
    select * from {{ ref('int_linking__candidates') }}
    where is_deciding
),

found_people as (
    select * from {{ ref('int_linking__found_people') }}
    where match_probability >= {{ var('link_review_probability') }} or is_only_namesake
),

decisions as (
    select * from {{ ref('int_linking__decisions') }}
),

links as (
    select * from {{ ref('int_linking__links') }}
    where person_id is not null
),

records as (
    select * from {{ ref('int_intake__records') }}
),

meant_by_a_record as (
    select
        request_id,
        record_number,
        person_id
    from deciding_candidates
    union
    select
        found_people.request_id,
        found_people.record_number,
        found_people.person_id
    from found_people
    inner join decisions
        on
            found_people.request_id = decisions.request_id
            and found_people.record_number = decisions.record_number
    where decisions.decision <> 'accepted' or found_people.person_id = decisions.person_id
)

select
    meant_by_a_record.request_id,
    meant_by_a_record.person_id,
    bool_and(links.record_number is not null) as is_linked,
    min(records.service_date) filter (where links.record_number is not null) as own_start_date
from meant_by_a_record
inner join records
    on
        meant_by_a_record.request_id = records.request_id
        and meant_by_a_record.record_number = records.record_number
left join links
    on
        meant_by_a_record.request_id = links.request_id
        and meant_by_a_record.record_number = links.record_number
        and meant_by_a_record.person_id = links.person_id
group by meant_by_a_record.request_id, meant_by_a_record.person_id
