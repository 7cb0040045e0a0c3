select
    prison_number,
    {{ identifier_key('prison_number') }} as prison_number_key,
    pnc_id,
    {{ fold_name('forenames') }} as forenames,
    {{ name_key('surname') }} as surname_key,
    date_of_birth
from {{ source('raw', 'prison__prisoners') }}
