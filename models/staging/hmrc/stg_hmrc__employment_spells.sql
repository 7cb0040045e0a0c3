select distinct
    pnc_id,
    start_date,
    end_date
from {{ source('raw', 'hmrc__employment_spells') }}
