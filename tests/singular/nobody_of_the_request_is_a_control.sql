-- Failing rows: controls of any analysis whom the request linked, holds in review, could mean by a
-- deciding pass or as one of several whom the link model found, or who are treated in one of its
-- analyses. Somebody found below the review threshold is nobody of the request.
with

members as (
    select * from {{ ref('int_cohorts__members') }}
),

controls as (
    select * from members
    where not is_treated
),

decisions as (
    select * from {{ ref('int_linking__decisions') }}
    where decision in ('in_review', 'ambiguous')
),

people_of_the_request as (
    select
        request_id,
        person_id
    from {{ ref('int_linking__candidates') }}
    where is_deciding
    union
    select
        request_id,
        person_id
    from {{ ref('int_linking__links') }}
    where person_id is not null
    union
    select
        request_id,
        person_id
    from decisions
    where person_id is not null
    union
    select
        request_id,
        person_id
    from members
    where is_treated
)

select
    controls.request_id,
    controls.analysis_id,
    controls.person_id
from controls
inner join people_of_the_request
    on
        controls.request_id = people_of_the_request.request_id
        and controls.person_id = people_of_the_request.person_id
