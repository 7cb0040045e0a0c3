with

scores as (
    select * from {{ ref('int_linking__scores') }}
),

found_people as (
    select * from {{ ref('int_linking__found_people') }}
    where
        match_probability >= {{ var('link_review_probability') }} / 10
        or is_only_namesake
),

decisions as (
    select * from {{ ref('int_linking__decisions') }}
    where decision in ('in_review', 'ambiguous')
),

deciding_candidates as (
    select distinct
        request_id,
        record_number,
        person_id
    from {{ ref('int_linking__candidates') }}
    where is_deciding
),

links as (
    select * from {{ ref('int_linking__links') }}
),

records as (
    select * from {{ ref('int_intake__records') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

in_doubt as (
    select
        decisions.decision as reason,
        found_people.*
    from decisions
    inner join found_people
        on
            decisions.request_id = found_people.request_id
            and decisions.record_number = found_people.record_number
    union all
    select
        'ambiguous' as reason,
        scores.*
    from links
    inner join deciding_candidates
        on
            links.request_id = deciding_candidates.request_id
            and links.record_number = deciding_candidates.record_number
    inner join scores
        on
            deciding_candidates.request_id = scores.request_id
            and deciding_candidates.record_number = scores.record_number
            and deciding_candidates.person_id = scores.person_id
    where links.is_ambiguous
)

select
    in_doubt.request_id,
    in_doubt.record_number,
    row_number() over (
        partition by in_doubt.request_id, in_doubt.record_number
        order by in_doubt.match_weight desc, in_doubt.person_id asc
    ) as place,
    people.pnc_id,
    in_doubt.reason,
    in_doubt.match_weight,
    in_doubt.match_probability,
    records.forenames as record_forenames,
    records.surname_key as record_surname,
    records.date_of_birth as record_date_of_birth,
    records.gender as record_gender,
    records.pncid_key as record_pncid,
    records.prison_number_key as record_prison_number,
    in_doubt.forenames as register_forenames,
    in_doubt.surname_key as register_surname,
    in_doubt.date_of_birth as register_date_of_birth,
    people.sex as register_gender,
    in_doubt.name_order,
    in_doubt.forename_weight,
    in_doubt.other_forenames_weight,
    in_doubt.surname_weight,
    in_doubt.date_of_birth_weight,
    in_doubt.gender_weight,
    in_doubt.pncid_weight,
    in_doubt.prison_number_weight,
    in_doubt.name_order_weight
from in_doubt
inner join people
    on in_doubt.person_id = people.person_id
inner join records
    on
        in_doubt.request_id = records.request_id
        and in_doubt.record_number = records.record_number
