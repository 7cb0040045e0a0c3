{# A count as it may be published: null when it is 1 to the largest small count (privacy: a cell). #}
{% macro published_count(count) -%}
{%- if var('disclosure_control') -%}
case when {{ count }} not between 1 and {{ var('disclosure_small_count') }} then {{ count }} end
{%- else -%}
{{ count }}
{%- endif -%}
{%- endmacro %}

{#
  A rate or a bound in percent as it is published: whole points, or one decimal where it would round
  to 0 and the group has 200 people or more (methodology, section 6). Halves go to the even number.
#}
{% macro published_rate(value, group_n) -%}
case
    when abs({{ value }}) <= 0.5 and {{ group_n }} >= 200 then round_even({{ value }}, 1) + 0.0
    else round_even({{ value }}, 0) + 0.0
end
{%- endmacro %}
