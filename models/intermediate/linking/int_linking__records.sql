-- One row per record that was looked for: its link, and what is known of it to see who is missed.
with

links as (
    select * from {{ ref('int_linking__links') }}
),

aged_records as (
    select
        *,
        {{ completed_years('date_of_birth', 'service_date') }} as age
    from {{ ref('int_intake__records') }}
    where not is_invalid
),

people as (
    select * from {{ ref('int_register__people') }}
),

decisions as (
    select * from {{ ref('int_linking__decisions') }}
)

select
    links.request_id,
    links.record_number,
    links.link_pass,
    links.match_probability,
    links.person_id is not null as is_linked,
    links.is_ambiguous,
    coalesce(links.link_reason = 'in_review', false) as is_in_review,
    case aged_records.gender when 'M' then 'male' when 'F' then 'female' else 'unknown' end as sex,
    coalesce(people.ethnicity, 'unknown') as ethnicity,
    case
        when aged_records.age is null then 'unknown'
        when aged_records.age < 21 then 'under_21'
        when aged_records.age < 30 then '21_to_29'
        when aged_records.age < 40 then '30_to_39'
        when aged_records.age < 50 then '40_to_49'
        else '50_and_over'
    end as age_band
from links
inner join aged_records
    on
        links.request_id = aged_records.request_id
        and links.record_number = aged_records.record_number
left join decisions
    on
        links.request_id = decisions.request_id
        and links.record_number = decisions.record_number
left join people
    on coalesce(links.person_id, decisions.person_id) = people.person_id
