-- One row per person who gets into an analysis or a record's outcome: the keyed hash that stands
-- for them outside the restricted database.
with

people_outside as (
    select person_id from {{ ref('int_outcomes__records') }}
    where person_id is not null
    union
    select person_id from {{ ref('int_matching__matches') }}
    where is_matched or is_treated
),

people as (
    select * from {{ ref('int_register__people') }}
)

select
    people.person_id,
    pseudonym('analysis', people.pnc_id) as person_key
from people_outside
inner join people
    on people_outside.person_id = people.person_id
