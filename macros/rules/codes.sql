{# Court types in order of severity: 1 indictable, 2 either way, 3 summary. #}
{% macro court_type_rank(column) -%}
case {{ column }} when 'indictable' then 1 when 'either_way' then 2 else 3 end
{%- endmacro %}
