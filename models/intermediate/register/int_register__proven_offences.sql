-- One row per proven offence of a person of the register, with what its codes say. An offence
-- without a case is a case of its own.
with

offences as (
    select * from {{ ref('stg_pnc__offences') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

offence_codes as (
    select * from {{ ref('offence_codes') }}
),

disposal_codes as (
    select * from {{ ref('disposal_codes') }}
)

select
    people.person_id,
    offences.offence_id,
    coalesce(offences.case_id, offences.offence_id) as case_id,
    offences.offence_date,
    offences.proven_date,
    offences.sentence_days,
    offences.police_force,
    offence_codes.offence_group,
    offence_codes.court_type,
    {{ court_type_rank('offence_codes.court_type') }} as court_type_rank,
    offence_codes.is_sexual,
    disposal_codes.disposal_type,
    disposal_codes.disposal_rank,
    disposal_codes.is_court,
    disposal_codes.is_custodial,
    offence_codes.is_recordable
    and not offence_codes.is_breach
    and disposal_codes.disposal_type <> 'penalty_notice' as is_counted
from offences
inner join people
    on offences.pnc_id = people.pnc_id
inner join offence_codes
    on offences.offence_code = offence_codes.offence_code
inner join disposal_codes
    on offences.disposal_code = disposal_codes.disposal_code
where disposal_codes.is_proven and offences.proven_date is not null
