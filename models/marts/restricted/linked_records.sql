with

links as (
    select * from {{ ref('int_linking__links') }}
    where person_id is not null
),

people as (
    select * from {{ ref('int_register__people') }}
)

select
    links.request_id,
    links.record_number,
    people.pnc_id,
    links.link_pass,
    links.match_probability
from links
inner join people
    on links.person_id = people.person_id
