-- One row per analysed request: the service it is about, and whether it may stand in a total. One
-- that is with its provider may not: its result could be read from the others.
select
    requests.request_id,
    requests.organisation,
    requests.service_name,
    sent.submitted_on,
    requests.status <> 'in_review' and requests.{{ is_not_withheld() }} as is_in_total
from {{ ref('int_outcomes__requests') }} as requests
inner join {{ ref('int_intake__requests') }} as sent
    on requests.request_id = sent.request_id
where requests.is_analysed
