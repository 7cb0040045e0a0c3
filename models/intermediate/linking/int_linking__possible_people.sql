-- One row per request and a person whom it links, holds in review or could ambiguously mean: nobody
-- of these can be a control.
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
)

select
    request_id,
    person_id
from deciding_candidates
union
select
    found_people.request_id,
    found_people.person_id
from found_people
inner join decisions
    on
        found_people.request_id = decisions.request_id
        and found_people.record_number = decisions.record_number
where decisions.decision <> 'accepted' or found_people.person_id = decisions.person_id
