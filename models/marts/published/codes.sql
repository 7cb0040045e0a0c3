-- One row per code that stands where a figure is not shown, or that warns of one.
with

codes as (
    select * from {{ ref('published_codes') }}
)

select
    code,
    meaning
from codes
