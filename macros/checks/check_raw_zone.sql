{#
  Stop the run before any model when the raw zone cannot be built: a file that is missing, a wrong
  column or type, a code that no seed knows. The problems come a line each from the package.
#}
{% macro check_raw_zone() -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'test') -%}
        {%- set problems = run_query("select raw_zone_problems()").columns[0].values()[0] -%}
        {%- if problems -%}
            {%- do exceptions.raise_compiler_error(problems) -%}
        {%- endif -%}
        {%- set is_synthetic = run_query(
            "select is_synthetic from raw.lab__extract"
        ).columns[0].values()[0] -%}
        {%- if not var('disclosure_control') and not is_synthetic -%}
            {%- do exceptions.raise_compiler_error(
                'dbt_project.yml or --vars: setting disclosure_control: can be false only for a '
                ~ 'synthetic raw zone (extract.json, "synthetic": true)'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
