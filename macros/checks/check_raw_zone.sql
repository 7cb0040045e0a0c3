{#
  Stop the run before any model when the raw zone cannot be built: a file that is missing, a wrong
  column or type, a code that no seed knows (a line each, from the package); and when a zone that is
  not synthetic would be built without a key for its pseudonyms, without disclosure control or
  with a setting below its floor.
#}
{% macro check_raw_zone() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- set problems = adapter.dispatch('raw_zone_problems', 'justice_data_lab')() -%}
        {%- if problems -%}
            {%- do exceptions.raise_compiler_error(problems) -%}
        {%- endif -%}
        {%- do adapter.dispatch('load_raw_zone', 'justice_data_lab')() -%}
        {%- if not first_value('select is_synthetic from raw.lab__extract') -%}
            {%- do check_real_people() -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro check_real_people() -%}
    {%- if not adapter.dispatch('has_pseudonym_key', 'justice_data_lab')() -%}
        {%- do exceptions.raise_compiler_error(
            'DBT_ENV_SECRET_JDL_HMAC: a raw zone that is not synthetic needs a key of 16 characters '
            ~ 'or more for its pseudonyms; set it, or build the sample'
        ) -%}
    {%- endif -%}
    {%- set problems = [] -%}
    {%- if not var('disclosure_control') -%}
        {%- do problems.append('disclosure_control: can be false only for a synthetic raw zone') -%}
    {%- endif -%}
    {%- for rule in method_settings() if rule.floor is not none and var(rule.setting) < rule.floor -%}
        {%- do problems.append(
            rule.setting ~ ': is below its floor of ' ~ rule.floor ~ '; set it to ' ~ rule.floor
            ~ ' or more: only a synthetic raw zone may have less'
        ) -%}
    {%- endfor -%}
    {%- set lines = [] -%}
    {%- for problem in problems -%}
        {%- do lines.append(
            'dbt_project.yml or --vars: setting ' ~ problem ~ ' (extract.json, "synthetic": true)'
        ) -%}
    {%- endfor -%}
    {%- if lines -%}
        {%- do exceptions.raise_compiler_error(lines | join('\n')) -%}
    {%- endif -%}
{%- endmacro %}

{# What is wrong with the raw zone, a line each; empty where nothing is. #}
{% macro duckdb__raw_zone_problems() -%}
    {{ return(first_value('select raw_zone_problems(' ~ var('minimum_found_share') ~ ')')) }}
{%- endmacro %}

{% macro spark__raw_zone_problems() -%}
    {{ return(adapter.raw_zone_problems(var('minimum_found_share'))) }}
{%- endmacro %}

{# Make the sources; on DuckDB the plugin raw_zone has done so on connection. #}
{% macro duckdb__load_raw_zone() -%}
{%- endmacro %}

{% macro spark__load_raw_zone() -%}
    {%- do adapter.load_sources() -%}
{%- endmacro %}

{# Whether the run has a key for its pseudonyms. #}
{% macro duckdb__has_pseudonym_key() -%}
    {{ return(first_value('select has_pseudonym_key()')) }}
{%- endmacro %}

{% macro spark__has_pseudonym_key() -%}
    {{ return(adapter.has_pseudonym_key()) }}
{%- endmacro %}

{% macro first_value(query) -%}
    {{ return(run_query(query).columns[0].values()[0]) }}
{%- endmacro %}
