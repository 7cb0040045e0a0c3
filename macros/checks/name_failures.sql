{#
  On run end: a warning that names every request whose statistics failed. What and where stands in
  restricted.main.analysis_failures.
#}
{% macro name_failures(results) -%}
    {%- set made = results | selectattr('status', 'equalto', 'success') | map(attribute='node.name') | list -%}
    {%- if execute and 'analysis_failures' in made -%}
        {%- set failures = run_query(
            "select coalesce(request_id, 'all requests') || coalesce(' / ' || analysis_id, '') || ' ('
            || string_agg(distinct stage, ', ' order by stage) || ')' as named
            from restricted.main.analysis_failures
            group by request_id, analysis_id order by all"
        ) -%}
        {%- if failures.rows | length -%}
            {%- do exceptions.warn(
                'could not be estimated: ' ~ failures.columns['named'].values() | join('; ')
                ~ '; see restricted.main.analysis_failures'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
