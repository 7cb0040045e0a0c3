-- One row a request, analysis and measure that is published: rounded once, nothing withheld left.
{%- set bounded = [
    'treated_value', 'treated_lower', 'treated_upper', 'control_value', 'control_lower',
    'control_upper', 'difference', 'difference_lower', 'difference_upper'
] %}
with

estimates as (
    select * from {{ ref('int_outcomes__estimates') }}
),

requests as (
    select * from {{ ref('int_outcomes__requests') }}
    where is_analysed
),

estimates_of_groups as (
    select
        *,
        max(treated_n) over (partition by request_id, analysis_id) as headline_n
    from estimates
),

judged as (
    select
        estimates.*,
        estimates.conclusion = 'withheld'
        or coalesce(estimates.expected_count_min < 10, false)
        or estimates.treated_n < {{ var('minimum_analysed') }}
        {% if var('disclosure_control') -%}
            or estimates.treated_reoffenders_n between 1 and {{ var('disclosure_small_count') }}
            or estimates.headline_n - estimates.treated_reoffenders_n
            between 1 and {{ var('disclosure_small_count') }}
        {%- endif %} as is_withheld
    from estimates_of_groups as estimates
    inner join requests
        on estimates.request_id = requests.request_id
)

select
    request_id,
    analysis_id,
    measure,
    case when not is_withheld or measure in ('rate', 'frequency') then treated_n end as treated_n,
    case when not is_withheld then treated_reoffenders_n end as treated_reoffenders_n,
    control_n,
    round_even(control_effective_n, 0) as control_effective_n,
    {% for figure in bounded -%}
        case
            when is_withheld then null
            when measure like '%frequency%' then round_even({{ figure }}, 2) + 0.0
            when measure = 'days_to_first' then round_even({{ figure }}, 0) + 0.0
            else {{ published_rate(figure, 'treated_n') }}
        end as {{ figure }},
    {% endfor -%}
    case when not is_withheld then round_even(p_value, 2) end as p_value,
    case when not is_withheld then number_needed end as number_needed,
    case when is_withheld then 'withheld' else conclusion end as conclusion
from judged
