{# The age bands of subgroups; null under 18 and where the age is unknown. #}
{% macro age_band(age) -%}
case
    when {{ age }} between 18 and 20 then '18-20'
    when {{ age }} between 21 and 24 then '21-24'
    when {{ age }} between 25 and 29 then '25-29'
    when {{ age }} between 30 and 34 then '30-34'
    when {{ age }} between 35 and 39 then '35-39'
    when {{ age }} between 40 and 49 then '40-49'
    when {{ age }} >= 50 then '50+'
end
{%- endmacro %}
