with

power as (
    select * from {{ ref('int_outcomes__power') }}
),

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    where is_analysed
)

select
    power.request_id,
    power.reduction_points,
    power.minimum_treated_n
from power
inner join requests
    on power.request_id = requests.request_id
