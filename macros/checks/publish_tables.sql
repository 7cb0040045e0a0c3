{#
  On run end: when a whole build passed, copy the published marts to published.duckdb.next and let
  it replace published.duckdb. A failed or partial build leaves published.duckdb as it was.
#}
{% macro publish_tables(results) -%}
    {%- if execute and flags.WHICH == 'build' and not flags.EMPTY and is_complete_and_passed(results) -%}
        {%- set folder = env_var('JDL_BUILD', 'build') -%}
        {%- set next = folder ~ '/published.duckdb.next' -%}
        {%- do run_query("select remove_unpublished()") -%}
        {%- do run_query("attach '" ~ next | replace("'", "''") ~ "' as published_next") -%}
        {%- for relation in published_relations() -%}
            {%- do copy_with_comments(relation) -%}
        {%- endfor -%}
        {%- do write_quality_log(results) -%}
        {%- do run_query("detach published_next") -%}
        {%- do run_query("select replace_published()") -%}
        {%- do log("published: " ~ folder ~ "/published.duckdb", info=true) -%}
    {%- elif execute and flags.WHICH == 'test' and not has_passed(results) -%}
        {%- do run_query("select begin_build()") -%}
    {%- endif -%}
{%- endmacro %}

{#
  On run start: from now until a whole build has passed, the databases are marked as unfinished, so
  that nothing is released from a build that failed or was stopped.
#}
{% macro begin_build() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed') -%}
        {%- do run_query("select begin_build()") -%}
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

{# Every node of the run passed; a warning is no failure, and an exposure runs nothing. #}
{% macro has_passed(results) -%}
    {%- set failed = [] -%}
    {%- for result in results -%}
        {%- if result.status | string not in ('success', 'pass', 'warn', 'no-op') -%}
            {%- do failed.append(result.node.unique_id) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(failed | length == 0) }}
{%- endmacro %}

{# Every node of the run passed, and every model, test and seed of the project is among them. #}
{% macro is_complete_and_passed(results) -%}
    {%- set run = results | map(attribute='node.unique_id') | list -%}
    {%- set missing = [] -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type in ('model', 'test', 'seed') and node.unique_id not in run -%}
            {%- do missing.append(node.unique_id) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(has_passed(results) and missing | length == 0) }}
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
