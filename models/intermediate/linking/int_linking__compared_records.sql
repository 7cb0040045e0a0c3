-- One row per record that the link model scores, with what it compares: one that a pass reached, or
-- one for which somebody may be found. A record whose identifier is known and disagrees, and whose
-- date of birth is not accurate, is not tried by name (methodology, section 1).
with

records as (
    select records.*
    from {{ ref('int_intake__records') }} as records
    inner join {{ ref('int_intake__requests') }} as requests
        on records.request_id = requests.request_id
    where not requests.is_stopped and not records.is_invalid
),

candidates as (
    select distinct
        request_id,
        record_number
    from {{ ref('int_linking__candidates') }}
),

identified as (
    select * from {{ ref('int_linking__identified_records') }}
)

select
    records.request_id,
    records.record_number,
    records.forenames,
    records.surname_key,
    records.gender,
    records.date_of_birth,
    records.pncid_key,
    records.prison_number_key
from records
left join candidates
    on
        records.request_id = candidates.request_id
        and records.record_number = candidates.record_number
left join identified
    on
        records.request_id = identified.request_id
        and records.record_number = identified.record_number
where
    candidates.record_number is not null
    or identified.record_number is null
    or records.has_valid_date_of_birth
