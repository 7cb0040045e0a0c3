-- One row per request: what readers are told of it, exact.
with

requests as (
    select * from {{ ref('int_outcomes__requests') }}
),

answers as (
    select * from {{ ref('int_intake__requests') }}
),

headlines as (
    select * from {{ ref('int_matching__diagnostics') }}
    where analysis_id = 'headline'
)

select
    requests.request_id,
    requests.organisation,
    requests.service_name,
    requests.sector,
    requests.need,
    requests.status,
    requests.status_reason,
    requests.review_due_on,
    requests.is_analysed,
    requests.submitted_n,
    requests.analysed_n,
    answers.description,
    answers.delivered_in,
    case when requests.is_analysed then headlines.balance_verdict end as balance_verdict
from requests
inner join answers
    on requests.request_id = answers.request_id
left join headlines
    on requests.request_id = headlines.request_id
