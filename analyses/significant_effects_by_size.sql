-- Figure 4 of the pilot report: only the significant effects on the one-year rate, by treated size.
select
    requests.request_id,
    requests.organisation,
    outcomes.treated_n,
    outcomes.difference,
    outcomes.difference_lower,
    outcomes.difference_upper
from {{ ref('outcomes') }} as outcomes
inner join {{ ref('requests') }} as requests
    on outcomes.request_id = requests.request_id
where
    outcomes.measure = 'rate'
    and outcomes.analysis_id = 'headline'
    and outcomes.conclusion in ('decrease', 'increase')
order by outcomes.treated_n, requests.request_id
