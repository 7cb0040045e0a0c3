-- Inconclusive requests: how many people the same difference would have needed to be significant.
select
    request_id,
    treated_n,
    difference,
    difference_lower,
    difference_upper,
    number_needed
from {{ ref('outcomes') }}
where analysis_id = 'headline' and measure = 'rate' and conclusion = 'inconclusive'
order by request_id
