-- One row per record whose PNCid or prison number is somebody's on the PNC.
with

records as (
    select records.*
    from {{ ref('int_intake__records') }} as records
    inner join {{ ref('int_intake__requests') }} as requests
        on records.request_id = requests.request_id
    where not requests.is_stopped
),

people as (
    select * from {{ ref('int_register__people') }}
),

prison_numbers as (
    select * from {{ ref('int_register__prison_numbers') }}
    where person_id is not null
)

select
    request_id,
    record_number
from records
where
    pncid_key in (select people.pncid_key from people)
    or prison_number_key in (select prison_numbers.prison_number_key from prison_numbers)
