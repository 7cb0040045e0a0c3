-- Figure 2 of the pilot report: how the requests ended, by the sector of the organisation.
select
    value as sector,
    requests,
    decreases,
    increases,
    inconclusive,
    withheld
from {{ ref('findings_summary') }}
where dimension = 'sector' and measure = 'rate'
order by requests desc, sector asc
