{#
  On run end: note how the run ended and, when it completes a whole build that passed, copy the
  published marts to published.duckdb.next and let it replace published.duckdb. Any other run leaves
  published.duckdb as it was, and says why in its last line.
#}
{% macro publish_tables(results) -%}
    {%- do adapter.dispatch('publish_tables', 'justice_data_lab')(results) -%}
{%- endmacro %}

{# Spark publishes nothing: its tables go into DuckDB first (docs/spark.md). #}
{% macro spark__publish_tables(results) -%}
{%- endmacro %}

{% macro duckdb__publish_tables(results) -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- do note_estimated() -%}
        {%- set facts = tojson(facts_of_run(results)) | replace("'", "''") -%}
        {%- set ended = fromjson(first_value("select end_run('" ~ facts ~ "')")) -%}
        {%- if ended.why is none -%}
            {%- set next = first_value("select publication()") -%}
            {%- do run_query("attach '" ~ next | replace("'", "''") ~ "' as published_next") -%}
            {%- for relation in published_relations() -%}
                {%- do copy_with_comments(relation) -%}
            {%- endfor -%}
            {%- do write_quality_log(ended.checks) -%}
            {%- do run_query("detach published_next") -%}
            {%- set ended = fromjson(first_value("select replace_published()")) -%}
        {%- endif -%}
        {#- where each line must be JSON, the plugin prints none -#}
        {%- for line in ended.lines -%}
            {%- do log(line, info=(flags.LOG_FORMAT == 'json')) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#
  On run start: from now until a whole build has passed, the databases are marked as unfinished, so
  that nothing is released from a build that failed or was stopped. What a run that was stopped had
  estimated is registered before the plans as they are now.
#}
{% macro begin_build() -%}
    {%- do adapter.dispatch('begin_build', 'justice_data_lab')() -%}
{%- endmacro %}

{% macro spark__begin_build() -%}
{%- endmacro %}

{% macro duckdb__begin_build() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed') -%}
        {%- set settings = tojson(invocation_args_dict.vars) | replace("'", "''") -%}
        {%- do note_estimated() -%}
        {%- do run_query("select begin_run('" ~ settings ~ "')") -%}
    {%- endif -%}
{%- endmacro %}

{# Register the requests that have a result in the databases: a later change of their plan is late. #}
{% macro note_estimated() -%}
    {%- set has_estimates = first_value(
        "select count(*) from duckdb_tables() where database_name = 'restricted' "
        ~ "and schema_name = 'estimates' and table_name = 'int_estimates__analyses'"
    ) -%}
    {%- if has_estimates -%}
        {%- do run_query(
            "select note_estimated(cast(to_json(coalesce(list(distinct request_id), [])) as varchar)) "
            ~ "from restricted.estimates.int_estimates__analyses where ended_by is null"
        ) -%}
    {%- endif -%}
{%- endmacro %}

{% macro published_relations() -%}
    {%- set relations = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type == 'model' and node.database == 'published' -%}
            {%- do relations.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(relations) }}
{%- endmacro %}

{# How each node of a run ended, and every model, seed and data test that a whole build has. #}
{% macro facts_of_run(results) -%}
    {%- set ended = [] -%}
    {%- for result in results -%}
        {%- set node = result.node -%}
        {%- set is_check = node.resource_type in ('test', 'unit_test') -%}
        {%- set has_file = node.resource_type in ('model', 'test', 'seed') -%}
        {%- do ended.append({
            'node': node.unique_id, 'name': node.name, 'kind': node.resource_type | string,
            'checksum': (node.checksum.checksum if has_file) or '',
            'description': check_description(node) if is_check else '',
            'status': result.status | string,
        }) -%}
    {%- endfor -%}
    {%- set expected = {} -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type in ('model', 'test', 'seed') -%}
            {%- do expected.update({node.unique_id: node.checksum.checksum or ''}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({
        'results': ended, 'expected': expected, 'is_empty': flags.EMPTY | default(false),
        'due': due_for_purge(),
    }) }}
{%- endmacro %}

{# Copy one published table with its descriptions, so that `describe` explains each column. #}
{% macro copy_with_comments(node) -%}
    {%- set target = 'published_next.' ~ node.schema ~ '.' ~ node.alias -%}
    {%- do run_query('create schema if not exists published_next.' ~ node.schema) -%}
    {%- do run_query(
        'create table ' ~ target ~ ' as select * from published.' ~ node.schema ~ '.' ~ node.alias
        ~ ' order by all'
    ) -%}
    {%- do run_query(
        'comment on table ' ~ target ~ ' is ' ~ duckdb_escape_comment(node.description)
    ) -%}
    {%- for column in node.columns.values() -%}
        {%- do run_query(
            'comment on column ' ~ target ~ '.' ~ column.name ~ ' is '
            ~ duckdb_escape_comment(column.description)
        ) -%}
    {%- endfor -%}
{%- endmacro %}
