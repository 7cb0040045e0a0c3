select
    pnc_id,
    coalesce(sex, 'U') as sex,
    coalesce(ethnicity, 'unknown') as ethnicity,
    coalesce(nationality, 'unknown') as nationality,
    date_of_birth
from {{ source('raw', 'pnc__persons') }}
