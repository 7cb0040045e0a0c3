{#
  The columns of int_outcomes__members that a measure can be made from, with their types: those that
  its YAML, or that of int_cohorts__members, gives a number, a boolean or a text. One column while dbt
  parses, when there is no graph yet.
#}
{% macro outcome_columns() -%}
    {%- set columns = {'is_reoffender': 'boolean'} -%}
    {%- for model in ['int_cohorts__members', 'int_outcomes__members'] if execute -%}
        {%- for column in graph.nodes['model.' ~ project_name ~ '.' ~ model].columns.values() -%}
            {%- if column.data_type in ['boolean', 'integer', 'bigint', 'double', 'varchar'] -%}
                {%- do columns.update({column.name: column.data_type}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
