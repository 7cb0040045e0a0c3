-- One row per record, pass and person that the pass reaches, but for those whom a reviewer refused.
-- The first pass that reaches anybody decides, and both identifiers decide together.
with

records as (
    select records.*
    from {{ ref('int_intake__records') }} as records
    inner join {{ ref('int_intake__requests') }} as requests
        on records.request_id = requests.request_id
    where not requests.is_stopped and not records.is_invalid
),

people as (
    select * from {{ ref('int_register__people') }}
),

clerical_decisions as (
    select * from {{ ref('int_linking__clerical_decisions') }}
),

register_names as (
    select * from {{ ref('int_register__names') }}
),

prison_numbers as (
    select * from {{ ref('int_register__prison_numbers') }}
),

people_of_the_pncid as (
    select
        records.request_id,
        records.record_number,
        people.person_id
    from records
    inner join people
        on records.pncid_key = people.pncid_key
),

people_of_the_prison_number as (
    select
        records.request_id,
        records.record_number,
        prison_numbers.person_id,
        bool_or(
            coalesce(
                records.has_surname and records.surname_key = prison_numbers.surname_key, false
            )
            or coalesce(records.date_of_birth = prison_numbers.date_of_birth, false)
        ) as agrees_in_prison_records
    from records
    inner join prison_numbers
        on records.prison_number_key = prison_numbers.prison_number_key
    where prison_numbers.person_id is not null
    group by records.request_id, records.record_number, prison_numbers.person_id
),

people_of_an_identifier as (
    select
        request_id,
        record_number,
        person_id,
        'pncid' as link_pass,
        false as agrees_in_prison_records
    from people_of_the_pncid
    union all
    select
        request_id,
        record_number,
        person_id,
        'prison_number' as link_pass,
        agrees_in_prison_records
    from people_of_the_prison_number
),

identifier_agrees as (
    select
        identified.request_id,
        identified.record_number,
        identified.link_pass,
        identified.person_id
    from people_of_an_identifier as identified
    inner join records
        on
            identified.request_id = records.request_id
            and identified.record_number = records.record_number
    left join register_names
        on identified.person_id = register_names.person_id
    group by all
    having
        bool_or(identified.agrees_in_prison_records)
        or bool_or(coalesce(
            records.has_surname and records.surname_key = register_names.surname_key, false
        ))
        or bool_or(coalesce(records.date_of_birth = register_names.date_of_birth, false))
),

full_name_agrees as (
    select distinct
        records.request_id,
        records.record_number,
        'name_and_date_of_birth' as link_pass,
        register_names.person_id
    from records
    inner join register_names
        on
            records.surname_key = register_names.surname_key
            and records.first_forename = register_names.first_forename
            and records.date_of_birth = register_names.date_of_birth
    where
        records.has_full_name
        and {{ forenames_agree('records.forenames', 'register_names.forenames') }}
        and (
            records.gender = register_names.gender
            or records.gender = 'U'
            or register_names.gender = 'U'
        )
),

decided_by_a_reviewer as (
    select
        records.request_id,
        records.record_number,
        'clerical' as link_pass,
        clerical_decisions.person_id
    from records
    inner join clerical_decisions
        on
            records.request_id = clerical_decisions.request_id
            and records.record_number = clerical_decisions.record_number
    where clerical_decisions.is_same
),

reached as (
    select * from decided_by_a_reviewer
    union all
    select * from identifier_agrees
    union all
    select * from full_name_agrees
),

not_refused as (
    select reached.*
    from reached
    left join clerical_decisions
        on
            reached.request_id = clerical_decisions.request_id
            and reached.record_number = clerical_decisions.record_number
            and reached.person_id = clerical_decisions.person_id
    where coalesce(clerical_decisions.is_same, true)
),

numbered as (
    select
        *,
        case link_pass
            when 'clerical' then 0 when 'pncid' then 1 when 'prison_number' then 2 else 3
        end as pass_number,
        case link_pass
            when 'clerical' then 0 when 'name_and_date_of_birth' then 2 else 1
        end as pass_group
    from not_refused
)

select
    {{ all_but(['pass_group']) }},
    pass_group = min(pass_group) over (partition by request_id, record_number) as is_deciding
from numbered
