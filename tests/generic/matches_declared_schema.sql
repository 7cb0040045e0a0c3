{# Failing rows: each column of the table that neither its YAML nor a contract that passes it on
   declares, or that they declare otherwise; and each that its YAML declares and the table has not. #}
{% test matches_declared_schema(model) %}
{%- if execute -%}
    {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
    {%- set node = models | selectattr('alias', 'equalto', model.identifier) | first -%}
    {%- set declared = {} -%}
    {%- set handed_on = [node.unique_id] -%}
    {%- for other in models
        if 'macro.justice_data_lab.replaced' in other.depends_on.macros
        and node.unique_id in other.depends_on.nodes -%}
        {%- do handed_on.append(other.unique_id) -%}
    {%- endfor -%}
    {%- for mart in models if 'macro.justice_data_lab.pass_on' in mart.depends_on.macros -%}
        {%- if mart.depends_on.nodes | select('in', handed_on) | list -%}
            {%- do declared.update(mart.columns) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do declared.update(node.columns) -%}
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
    {%- for name in node.columns if name not in actual -%}
        {%- do problems.append(name ~ ': missing') -%}
    {%- endfor -%}
select problem
from (values {% for problem in problems + [''] %}('{{ problem }}'){{ ',' if not loop.last }}{% endfor %})
    as problems (problem)
where problem <> ''
{%- endif -%}
{% endtest %}
