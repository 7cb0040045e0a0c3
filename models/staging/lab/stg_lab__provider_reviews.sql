with

provider_reviews as (
    select * from {{ source('decisions', 'provider_reviews') }}
)

select
    request_id,
    {{ upload_date('sent_on', '2068') }} as sent_on,
    {{ upload_date('due_on', '2068') }} as due_on,
    {{ upload_date('closed_on', '2068') }} as closed_on,
    comment,
    resolution
from provider_reviews
