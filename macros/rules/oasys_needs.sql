{# The criminogenic needs of an OASys assessment, in the order of the form. #}
{% macro oasys_needs() -%}
    {{ return([
        'accommodation', 'ete', 'finance', 'relationships', 'lifestyle',
        'drugs', 'alcohol', 'emotional', 'thinking', 'attitudes',
    ]) }}
{%- endmacro %}
