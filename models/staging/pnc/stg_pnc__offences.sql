select
    offence_id,
    pnc_id,
    case_id,
    offence_code,
    offence_date,
    proven_date,
    disposal_code,
    sentence_days,
    police_force
from {{ source('raw', 'pnc__offences') }}
