-- Figures 3 and 4 of the pilot report: effect on the one-year rate against treated size.
select
    requests.request_id,
    requests.need,
    outcomes.treated_n,
    outcomes.difference,
    outcomes.difference_lower,
    outcomes.difference_upper,
    outcomes.conclusion
from {{ ref('outcomes') }} as outcomes
inner join {{ ref('requests') }} as requests
    on outcomes.request_id = requests.request_id
where outcomes.measure = 'rate' and outcomes.analysis_id = 'headline'
order by outcomes.treated_n, requests.request_id
