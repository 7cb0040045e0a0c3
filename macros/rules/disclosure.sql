{# A count as it may be published: null when it is 1 to the largest small count (privacy: a cell). #}
{% macro published_count(count) -%}
{%- if var('disclosure_control') -%}
case when {{ count }} not between 1 and {{ var('disclosure_small_count') }} then {{ count }} end
{%- else -%}
{{ count }}
{%- endif -%}
{%- endmacro %}

{# The month of the follow-up that a day from the index date lies in. A month ends on day
   ceil(365.25 / 12 x month): the same months as those of the survival curves. #}
{% macro month_of_follow_up(days) -%}
    cast(floor(({{ days }} - 1) * 12 / 365.25) as bigint) + 1
{%- endmacro %}
