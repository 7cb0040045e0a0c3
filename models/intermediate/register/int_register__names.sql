-- One row per person, name and date of birth: every name of a person, aliases included, with every
-- date of birth of that person. The link model compares with it.
with

people as (
    select * from {{ ref('int_register__people') }}
),

names as (
    select * from {{ ref('stg_pnc__names') }}
),

names_of_people as (
    select distinct
        people.person_id,
        people.pncid_key,
        people.sex as gender,
        names.forenames,
        names.surname_key
    from names
    inner join people
        on names.pnc_id = people.pnc_id
),

dates_of_birth as (
    select
        person_id,
        date_of_birth
    from people
    where date_of_birth is not null
    union
    select
        people.person_id,
        names.date_of_birth
    from names
    inner join people
        on names.pnc_id = people.pnc_id
    where names.date_of_birth is not null
)

select
    names_of_people.person_id,
    names_of_people.pncid_key,
    names_of_people.gender,
    names_of_people.forenames,
    split_part(names_of_people.forenames, ' ', 1) as first_forename,
    names_of_people.surname_key,
    dates_of_birth.date_of_birth
from names_of_people
left join dates_of_birth
    on names_of_people.person_id = dates_of_birth.person_id
