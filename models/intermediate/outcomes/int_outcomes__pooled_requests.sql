-- One row per service with a result that may stand in a pool: its latest submission, since the
-- people of an earlier one are often in it again. What is with its provider is in no pool: its
-- result could be read from the others.
select
    requests.request_id,
    requests.organisation,
    requests.sector,
    requests.need
from {{ ref('int_outcomes__requests') }} as requests
inner join {{ ref('int_intake__requests') }} as sent
    on requests.request_id = sent.request_id
where requests.is_analysed and requests.status <> 'in_review'
qualify
    row_number() over (
        partition by requests.organisation, coalesce(requests.service_name, requests.request_id)
        order by sent.submitted_on desc, requests.request_id desc
    ) = 1
