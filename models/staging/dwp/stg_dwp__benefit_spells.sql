select distinct
    pnc_id,
    benefit,
    benefit in ('jsa', 'esa', 'is', 'ib') as is_out_of_work,
    start_date,
    end_date
from {{ source('raw', 'dwp__benefit_spells') }}
