-- One row per name and date of birth of a person of the PNC: the register that the link model
-- compares with.
with

register_names as (
    select * from {{ ref('int_register__names') }}
),

people as (
    select * from {{ ref('int_register__people') }}
)

select
    register_names.person_id,
    register_names.forenames,
    register_names.surname_key,
    register_names.date_of_birth,
    people.sex as gender,
    people.pncid_key
from register_names
inner join people
    on register_names.person_id = people.person_id
