select
    data_as_of,
    reoffending_data_to,
    is_synthetic,
    contact
from {{ source('raw', 'lab__extract') }}
