{# A count as it may be published: null when it is 1 to the largest small count (privacy: a cell). #}
{% macro published_count(count) -%}
{%- if var('disclosure_control') -%}
case when {{ count }} not between 1 and {{ var('disclosure_small_count') }} then {{ count }} end
{%- else -%}
{{ count }}
{%- endif -%}
{%- endmacro %}
