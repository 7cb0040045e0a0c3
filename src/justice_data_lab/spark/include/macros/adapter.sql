{# A Python model is handed over as it is: the adapter writes what it returns. #}
{% macro jdlspark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if language == 'python' -%}
        {#- on a line of its own: dbt-spark calls this from an indented one -#}
        {{ '\n' ~ compiled_code }}
    {%- else -%}
        {{ spark__create_table_as(temporary, relation, compiled_code, language) }}
    {%- endif -%}
{%- endmacro %}

{# dbt-spark would write an empty cell as the text None: the adapter reads the file itself. #}
{% materialization seed, adapter='jdlspark' -%}
    {%- set relation = this.incorporate(type='table') -%}
    {%- do store_result('agate_table', response='OK', agate_table=load_agate_table()) -%}
    {%- call statement('main') -%}
        select {{ adapter.load_seed(relation, model) }} as rows_n
    {%- endcall -%}
    {{ return({'relations': [relation]}) }}
{%- endmaterialization %}

{# Spark has one level of schemas; the room comes first in the name. #}
{% macro jdlspark__generate_database_name(custom_database_name=none, node=none) -%}
    {%- do return(none) -%}
{%- endmacro %}
