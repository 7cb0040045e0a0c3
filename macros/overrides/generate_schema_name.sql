{# Schemas are named as configured: restricted.staging and not restricted.main_staging. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ return(adapter.dispatch('schema_of_room', 'justice_data_lab')(
        custom_schema_name | trim if custom_schema_name else target.schema, node
    )) }}
{%- endmacro %}

{% macro duckdb__schema_of_room(schema, node) -%}
    {{ return(schema) }}
{%- endmacro %}

{# Spark has one level of schemas: the database of DuckDB is the first part of their name. #}
{% macro spark__schema_of_room(schema, node) -%}
    {{ return(node.config.database ~ '_' ~ schema if node.config.database else schema) }}
{%- endmacro %}
