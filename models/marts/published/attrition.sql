with

attrition_exact as (
    select * from {{ ref('attrition_exact') }}
),

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    {% if var('disclosure_control') -%}
        where is_analysed
    {%- endif %}
),

published_counts as (
    select
        attrition_exact.request_id,
        attrition_exact.step_number,
        attrition_exact.step,
        attrition_exact.stage,
        attrition_exact.reason,
        {{ published_count('attrition_exact.removed_n') }} as removed_n,
        {{ published_count('attrition_exact.remaining_n') }} as remaining_n,
        requests.submitted_n
    from attrition_exact
    inner join requests
        on attrition_exact.request_id = requests.request_id
)

select
    request_id,
    step_number,
    step,
    stage,
    reason,
    removed_n,
    remaining_n,
    round_even(100.0 * remaining_n / nullif(submitted_n, 0), 0) as percent_of_submitted
from published_counts
