{#
  On run end: the quality log, published with the results; one row per check of this build, with
  what it says and how it ended.
#}
{% macro write_quality_log(checks) -%}
    {%- set rows = [] -%}
    {%- for check in checks -%}
        {%- set cells = [
            check.name, 'unit test' if check.kind == 'unit_test' else 'data test',
            check.description, check.status
        ] -%}
        {%- set texts = [] -%}
        {%- for cell in cells -%}
            {%- do texts.append("'" ~ cell | replace("'", "''") ~ "'") -%}
        {%- endfor -%}
        {%- do rows.append('(' ~ texts | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- do run_query(
        'create table published_next.main.quality_log as '
        ~ 'select * from (values ' ~ rows | join(', ') ~ ') as checks (check_id, kind, description, '
        ~ 'status) order by all'
    ) -%}
    {%- do run_query(
        "comment on table published_next.main.quality_log is 'One row per check of this build: a test "
        ~ "of the data, or of a rule on made-up records (unit test), and how it ended.'"
    ) -%}
    {%- for column, meaning in [
        ('check_id', 'Name of the check, as dbt runs it.'),
        ('kind', '`data test` or `unit test`.'),
        ('description', 'What the check says.'),
        ('status', '`pass`, or `warn` for a finding that stops nothing.'),
    ] -%}
        {%- do run_query(
            'comment on column published_next.main.quality_log.' ~ column ~ " is '" ~ meaning ~ "'"
        ) -%}
    {%- endfor -%}
{%- endmacro %}

{# What a check says: its description, its name in words, or the test and the column it is of. #}
{% macro check_description(node) -%}
    {%- if node.resource_type == 'unit_test' -%}
        {{ return(node.name | replace('_', ' ')) }}
    {%- endif -%}
    {%- if node.description -%}
        {{ return(node.description | replace('\n', ' ')) }}
    {%- endif -%}
    {%- set model = (node.attached_node or '').split('.') | last -%}
    {%- set place = model ~ ('.' ~ node.column_name if node.column_name else '') -%}
    {{ return((node.test_metadata.name if node.test_metadata else 'check') ~ ' of ' ~ place) }}
{%- endmacro %}
