-- One row a request: where it is in its life, and its counts.
with

requests as (
    select * from {{ ref('int_intake__requests') }}
),

records as (
    select
        request_id,
        count(*) filter (where reason = 'eligible') as eligible_n,
        count(*) filter (where outcome = 'analysed') as analysed_n
    from {{ ref('int_outcomes__records') }}
    group by request_id
)

select
    requests.request_id,
    requests.organisation,
    requests.service_name,
    requests.sector,
    requests.need,
    case
        when requests.is_withdrawn then 'withdrawn'
        when coalesce(records.analysed_n, 0) = 0 then 'not_answerable'
        else 'analysed'
    end as status,
    case
        when requests.is_withdrawn then null
        when requests.is_not_answerable then array_to_string(requests.stop_reasons, ', ')
        when records.eligible_n < {{ var('minimum_analysed') }} then 'fewer_than_30_eligible'
        when records.analysed_n = 0 then 'fewer_than_30_matched'
    end as status_reason,
    requests.submitted_n,
    coalesce(records.eligible_n, 0) as eligible_n,
    coalesce(records.analysed_n, 0) as analysed_n
from requests
left join records
    on requests.request_id = records.request_id
