{# The length of a sentence in bands; `none` where the sentence has no length. #}
{% macro sentence_length_band(days) -%}
case
    when {{ days }} is null then 'none'
    when {{ days }} <= 91 then 'to_3_months'
    when {{ days }} <= 183 then 'to_6_months'
    when {{ days }} <= 366 then 'to_12_months'
    when {{ days }} <= 731 then 'to_2_years'
    when {{ days }} <= 1461 then 'to_4_years'
    else 'over_4_years'
end
{%- endmacro %}
