with

release_register as (
    select * from {{ source('decisions', 'release_register') }}
)

select
    version,
    request_id,
    {{ upload_date('released_on', '2068') }} as released_on
from release_register
