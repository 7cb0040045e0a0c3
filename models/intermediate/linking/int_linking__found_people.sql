-- One row per record that no pass reached and a person whom the link model found for it, but for
-- those whom a reviewer refused.
with

scores as (
    select * from {{ ref('int_linking__scores') }}
    where not is_known
),

refused as (
    select * from {{ ref('int_linking__clerical_decisions') }}
    where not is_same
)

select scores.*
from scores
left join refused
    on
        scores.request_id = refused.request_id
        and scores.record_number = refused.record_number
        and scores.person_id = refused.person_id
where refused.person_id is null
