with

feedback_survey as (
    select * from {{ ref('stg_lab__feedback_survey') }}
)

select
    count(*) as sent_n,
    count(answered_on) as answered_n,
    round(100.0 * count(answered_on) / nullif(count(*), 0), 0) as response_rate
from feedback_survey
