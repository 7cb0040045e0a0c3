{# Letters without their accents. #}
{% macro strip_accents(text) -%}
    {{ return(adapter.dispatch('strip_accents', 'justice_data_lab')(text)) }}
{%- endmacro %}

{% macro duckdb__strip_accents(text) -%}
strip_accents({{ text }})
{%- endmacro %}
