with

feedback_survey as (
    select * from {{ source('decisions', 'feedback_survey') }}
)

select
    request_id,
    {{ upload_date('sent_on', '2068') }} as sent_on,
    {{ upload_date('answered_on', '2068') }} as answered_on,
    score
from feedback_survey
