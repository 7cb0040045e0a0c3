-- One row per record and person on whom a reviewer decided: the same, or different.
with

clerical_decisions as (
    select * from {{ ref('stg_lab__clerical_decisions') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

records as (
    select
        request_id,
        record_number
    from {{ ref('int_intake__records') }}
)

select
    records.request_id,
    records.record_number,
    people.person_id,
    clerical_decisions.decision = 'same' as is_same
from clerical_decisions
inner join people
    on clerical_decisions.pncid_key = people.pncid_key
inner join records
    on
        clerical_decisions.request_id = records.request_id
        and clerical_decisions.record_number = records.record_number
