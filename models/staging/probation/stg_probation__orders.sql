select
    order_id,
    pnc_id,
    order_type,
    start_date,
    end_date,
    region
from {{ source('raw', 'probation__orders') }}
