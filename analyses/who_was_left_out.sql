-- Why records were left out, over all requests: the reasons that templates and guidance can mend.
select
    exclusion_reasons.step_number,
    exclusion_reasons.reason,
    exclusion_reasons.description,
    count(*) as records,
    count(distinct record_outcomes.request_id) as requests
from {{ ref('record_outcomes') }} as record_outcomes
inner join {{ ref('exclusion_reasons') }} as exclusion_reasons
    on record_outcomes.outcome = exclusion_reasons.reason
group by
    exclusion_reasons.step_number,
    exclusion_reasons.reason,
    exclusion_reasons.description
order by exclusion_reasons.step_number
