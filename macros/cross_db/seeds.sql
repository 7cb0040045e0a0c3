{#
  The rows of a seed as its file has them: while a model compiles its table may not be there yet, and
  in a unit test it is a fixture.
#}
{% macro seed_file(name) -%}
    {{ return(adapter.dispatch('seed_file', 'justice_data_lab')(name)) }}
{%- endmacro %}

{% macro duckdb__seed_file(name) -%}
read_csv('seeds/{{ name }}.csv', header = true)
{%- endmacro %}

{% macro spark__seed_file(name) -%}
{{ adapter.seed_view(name) }}
{%- endmacro %}
