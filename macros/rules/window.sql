{# The last day of the window in days after the index date. #}
{% macro window_last_day(index_date, months) -%}
{{ days_between(index_date, add_months(index_date, months)) }} - 1
{%- endmacro %}
