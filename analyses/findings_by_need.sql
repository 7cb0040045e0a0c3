-- Figure 1 of the pilot report: how the requests ended, by the need that the service addresses.
select
    value as need,
    requests,
    decreases,
    increases,
    inconclusive,
    withheld
from {{ ref('findings_summary') }}
where dimension = 'need' and measure = 'rate'
order by requests desc, need asc
