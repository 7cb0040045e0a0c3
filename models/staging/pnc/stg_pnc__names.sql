select distinct
    pnc_id,
    name_type,
    {{ fold_name('forenames') }} as forenames,
    {{ name_key('surname') }} as surname_key,
    date_of_birth
from {{ source('raw', 'pnc__names') }}
