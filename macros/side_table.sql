{# A table that a Python model keeps beside its own (estimation/side_tables.py): dbt takes one of a model. #}
{% macro side_table(relation, name) -%}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__' ~ name})) }}
{%- endmacro %}
