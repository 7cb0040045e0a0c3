-- One row per person of a request and scope of the sex-offence rule: the record of that person that
-- is eligible when nothing but the scope is changed.
with

flags as (
    select * from {{ ref('int_eligibility__flags') }}
),

reasons_by_scope as (
    select * from {{ ref('int_eligibility__reasons_by_scope') }}
    where reason = 'eligible'
)

select
    reasons_by_scope.request_id,
    reasons_by_scope.sex_offence_scope,
    flags.person_id,
    flags.record_number,
    flags.event_id,
    flags.event_type,
    flags.delay_days,
    flags.user_reference_1
from reasons_by_scope
inner join flags
    on
        reasons_by_scope.request_id = flags.request_id
        and reasons_by_scope.record_number = flags.record_number
