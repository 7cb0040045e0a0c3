{# Failing rows: each column of the table that its YAML does not declare, or declares otherwise. #}
{% test matches_declared_schema(model) %}
{%- if execute -%}
    {%- set node = graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'model')
        | selectattr('alias', 'equalto', model.identifier) | first -%}
    {%- set declared = node.columns -%}
    {%- set problems = [] -%}
    {%- set actual = [] -%}
    {%- for column in adapter.get_columns_in_relation(model) -%}
        {%- do actual.append(column.name) -%}
        {%- if column.name not in declared -%}
            {%- do problems.append(column.name ~ ': not declared') -%}
        {%- elif declared[column.name].data_type | lower != column.dtype | lower -%}
            {%- do problems.append(
                column.name ~ ': ' ~ column.dtype ~ ', declared ' ~ declared[column.name].data_type
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in declared if name not in actual -%}
        {%- do problems.append(name ~ ': missing') -%}
    {%- endfor -%}
select problem
from (values {% for problem in problems + [''] %}('{{ problem }}'){{ ',' if not loop.last }}{% endfor %})
    as problems (problem)
where problem <> ''
{%- endif -%}
{% endtest %}
