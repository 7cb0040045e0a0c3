-- One row per person of the PNC, with the dense key that everything inside joins on.
with

persons as (
    select * from {{ ref('stg_pnc__persons') }}
)

select
    row_number() over (order by pnc_id) as person_id,
    pnc_id,
    {{ pnc_id_key('pnc_id') }} as pncid_key,
    sex,
    ethnicity,
    nationality,
    date_of_birth
from persons
