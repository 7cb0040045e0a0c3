-- How far the headline moves when the method is changed: lowest and highest rate difference.
select
    request_id,
    max(difference) filter (where scenario = 'headline') as headline,
    min(difference) as lowest,
    arg_min(scenario, (difference, scenario)) as lowest_scenario,
    max(difference) as highest,
    arg_max(scenario, (difference, scenario)) as highest_scenario,
    count(*) filter (where p_value <= 0.05) as significant,
    count(*) as scenarios
from {{ ref('sensitivity') }}
where measure = 'rate' and difference is not null
group by request_id
order by request_id
