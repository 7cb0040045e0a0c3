{#
  A data test keeps its failing rows, in a table of its own, where there are any: dbt would keep a
  table of every test, empty or not.
#}
{% materialization test, adapter='duckdb' -%}
    {%- set kept = api.Relation.create(
        identifier=model['alias'], schema=schema, database=database, type='table'
    ) -%}
    {%- set failing_rows -%}
        {{ get_limit_subquery_sql(sql, config.get('limit')) }}
    {%- endset -%}
    {%- set of_former_run = adapter.get_relation(
        database=database, schema=schema, identifier=model['alias']
    ) -%}
    {%- if of_former_run -%}
        {%- do adapter.drop_relation(of_former_run) -%}
    {%- endif -%}
    {%- call statement('main', fetch_result=true, auto_begin=true) -%}
        {{ get_test_sql(
            failing_rows,
            config.get('fail_calc'),
            config.get('warn_if'),
            config.get('error_if'),
            limit=none
        ) }}
    {%- endcall -%}
    {%- set outcome = load_result('main')['table'].rows[0] -%}
    {%- if should_store_failures() and (outcome['should_warn'] or outcome['should_error']) -%}
        {%- call statement('keep_failing_rows') -%}
            {{ get_create_sql(kept, failing_rows) }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
        {{ return({'relations': [kept]}) }}
    {%- endif -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': []}) }}
{%- endmaterialization %}
