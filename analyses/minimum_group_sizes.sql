-- Table 1 of the pilot report, for every request: people needed for reductions of 1 to 10 points.
pivot {{ ref('power') }}
on reduction_points
using first(minimum_treated_n)
group by request_id
order by request_id
