-- One row a record of a request that goes on to the linking: the person, or why there is none.
-- A record whose deciding pass reaches several people stays unlinked.
with

records as (
    select records.*
    from {{ ref('int_intake__records') }} as records
    inner join {{ ref('int_intake__requests') }} as requests
        on records.request_id = requests.request_id
    where not requests.is_stopped
),

deciding_candidates as (
    select * from {{ ref('int_linking__candidates') }}
    where is_deciding
),

people as (
    select * from {{ ref('int_linking__people') }}
),

prison_numbers as (
    select * from {{ ref('int_linking__prison_numbers') }}
),

offences as (
    select * from {{ ref('int_index_events__proven_rows') }}
),

reached as (
    select
        request_id,
        record_number,
        arg_min(link_pass, pass_number) as link_pass,
        min(person_id) as person_id,
        count(distinct person_id) > 1 as is_ambiguous
    from deciding_candidates
    group by request_id, record_number
),

identified as (
    select
        records.request_id,
        records.record_number
    from records
    where
        records.pncid_key in (select people.pncid_key from people)
        or records.prison_number_key in (
            select prison_numbers.prison_number_key
            from prison_numbers
            where prison_numbers.person_id is not null
        )
),

people_with_a_proven_offence as (
    select distinct person_id from offences
)

select
    records.request_id,
    records.record_number,
    case when not reached.is_ambiguous then reached.person_id end as person_id,
    case when not reached.is_ambiguous then reached.link_pass end as link_pass,
    coalesce(reached.is_ambiguous, false) as is_ambiguous,
    reached.person_id is not null
    and not reached.is_ambiguous
    and people_with_a_proven_offence.person_id is null as has_no_conviction,
    case
        when records.is_invalid
            then
                case
                    when not records.has_valid_date_of_birth then 'date_of_birth_not_accurate'
                end
        when reached.is_ambiguous then null
        when reached.person_id is not null and people_with_a_proven_offence.person_id is null
            then 'no_conviction'
        when reached.person_id is not null then null
        when identified.record_number is not null and not records.has_valid_date_of_birth
            then 'date_of_birth_not_accurate'
        else 'not_found'
    end as link_reason
from records
left join reached
    on
        records.request_id = reached.request_id
        and records.record_number = reached.record_number
left join identified
    on
        records.request_id = identified.request_id
        and records.record_number = identified.record_number
left join people_with_a_proven_offence
    on reached.person_id = people_with_a_proven_offence.person_id
