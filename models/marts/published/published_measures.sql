-- One row per measure: what its figures are.
with

measures as (
    select * from {{ ref('measures') }}
)

select
    measure,
    measure_order,
    name,
    name_in_text,
    unit,
    population,
    description,
    decimals
from measures
