-- One row per prison number: the person it belongs to, by its PNC id or, where it has none, by a
-- unique exact name and date of birth; null where it belongs to nobody.
with

prisoners as (
    select * from {{ ref('stg_prison__prisoners') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

register_names as (
    select * from {{ ref('int_register__names') }}
),

people_of_the_name as (
    select
        prisoners.prison_number,
        min(register_names.person_id) as person_id
    from prisoners
    inner join register_names
        on
            prisoners.surname_key = register_names.surname_key
            and prisoners.forenames = register_names.forenames
            and prisoners.date_of_birth = register_names.date_of_birth
    where prisoners.pnc_id is null
    group by prisoners.prison_number
    having count(distinct register_names.person_id) = 1
)

select
    prisoners.prison_number,
    prisoners.prison_number_key,
    prisoners.surname_key,
    prisoners.date_of_birth,
    coalesce(people.person_id, people_of_the_name.person_id) as person_id
from prisoners
left join people
    on prisoners.pnc_id = people.pnc_id
left join people_of_the_name
    on prisoners.prison_number = people_of_the_name.prison_number
