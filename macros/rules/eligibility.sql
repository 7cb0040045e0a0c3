{#
  The rules before matching, in their order: the reasons of the seed that are flags of
  int_eligibility__flags. SQL cannot take names of columns from rows, so a model reads them while it
  compiles.
#}
{% macro rules_before_matching() -%}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set rules = run_query(
        'select reason from ' ~ seed_file('reference/exclusion_reasons')
        ~ ' where is_flag order by step_number'
    ) -%}
    {{ return(rules.columns[0].values() | list) }}
{%- endmacro %}
