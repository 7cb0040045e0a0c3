select
    spell_id,
    prison_number,
    reception_date,
    release_date,
    expected_release_date,
    custody_type,
    establishment,
    sentence_days
from {{ source('raw', 'prison__spells') }}
