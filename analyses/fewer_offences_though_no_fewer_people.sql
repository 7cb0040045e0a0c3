-- Requests whose rate is inconclusive and whose frequency is not, which the pilot counts apart.
select
    rates.request_id,
    rates.difference as rate_difference,
    rates.p_value as rate_p_value,
    frequencies.difference as frequency_difference,
    frequencies.p_value as frequency_p_value,
    frequencies.conclusion
from {{ ref('outcomes') }} as rates
inner join {{ ref('outcomes') }} as frequencies
    on
        rates.request_id = frequencies.request_id
        and rates.analysis_id = frequencies.analysis_id
        and frequencies.measure = 'frequency'
where
    rates.analysis_id = 'headline'
    and rates.measure = 'rate'
    and rates.conclusion = 'inconclusive'
    and frequencies.conclusion in ('decrease', 'increase')
order by rates.request_id
