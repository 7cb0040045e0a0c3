-- Counts of requests, no people: how many headline results of each measure ended in which way.
-- A request that is with its provider is not counted: its result could be read from the counts.
{%- set dimensions = ['need', 'sector'] %}
with

requests as (
    select * from {{ ref('requests') }}
    where status <> 'in_review'
),

headlines as (
    select
        outcomes.*,
        max(outcomes.conclusion) filter (where outcomes.measure = 'rate')
            over (partition by outcomes.request_id) as rate_conclusion
    from {{ ref('outcomes') }} as outcomes
    inner join requests
        on outcomes.request_id = requests.request_id
    where outcomes.analysis_id = 'headline'
),

findings as (
    select
        'all' as dimension,
        'all' as value,
        request_id,
        measure,
        conclusion
    from headlines
    {%- for dimension in dimensions %}
        union all
        select
            '{{ dimension }}' as dimension,
            coalesce(requests.{{ dimension }}, 'not given') as value,
            headlines.request_id,
            headlines.measure,
            headlines.conclusion
        from headlines
        inner join requests
            on headlines.request_id = requests.request_id
    {%- endfor %}
    union all
    select
        'rate_inconclusive' as dimension,
        'all' as value,
        request_id,
        measure,
        conclusion
    from headlines
    where rate_conclusion = 'inconclusive' and measure = 'frequency'
)

select
    dimension,
    value,
    measure,
    count(*) as requests,
    count(*) filter (where conclusion = 'decrease') as decreases,
    count(*) filter (where conclusion = 'increase') as increases,
    count(*) filter (where conclusion = 'inconclusive') as inconclusive,
    count(*) filter (where conclusion = 'withheld') as withheld,
    count(*) filter (where conclusion = 'not_reliable') as not_reliable
from findings
group by dimension, value, measure
