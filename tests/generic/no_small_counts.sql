{# Failing rows: a published count, where disclosure control is on, that is above 0 and below what
   the least count above the small ones is rounded to. #}
{% test no_small_counts(model, column_name) %}
{%- set rounding = var('disclosure_rounding') | int -%}
{%- set least = var('disclosure_small_count') | int + 1 -%}
select {{ column_name }}
from {{ model }}
where
    {{ 'true' if var('disclosure_control') else 'false' }}
    and {{ column_name }} > 0
    and {{ column_name }} < {{ rounding * ((2 * least + rounding) // (2 * rounding)) }}
{% endtest %}
