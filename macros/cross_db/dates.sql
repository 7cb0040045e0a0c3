{# The date a number of calendar months after another, clamped at the end of the month. #}
{% macro add_months(date, months) -%}
    {{ return(adapter.dispatch('add_months', 'justice_data_lab')(date, months)) }}
{%- endmacro %}

{% macro duckdb__add_months(date, months) -%}
cast({{ date }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__add_months(date, months) -%}
add_months({{ date }}, {{ months }})
{%- endmacro %}

{#
  Whole years between two dates: the age of somebody born on the first, on the second. The birthday
  of 29 February is 1 March in other years.
#}
{% macro completed_years(start_date, end_date) -%}
    {{ return(adapter.dispatch('completed_years', 'justice_data_lab')(start_date, end_date)) }}
{%- endmacro %}

{% macro duckdb__completed_years(start_date, end_date) -%}
{#- date_sub counts 28 February as the birthday of 29 February; month and day are one number -#}
(
    year({{ end_date }}) * 10000 + month({{ end_date }}) * 100 + day({{ end_date }})
    - year({{ start_date }}) * 10000 - month({{ start_date }}) * 100 - day({{ start_date }})
) // 10000
{%- endmacro %}

{% macro spark__completed_years(start_date, end_date) -%}
(
    year({{ end_date }}) * 10000 + month({{ end_date }}) * 100 + day({{ end_date }})
    - year({{ start_date }}) * 10000 - month({{ start_date }}) * 100 - day({{ start_date }})
) div 10000
{%- endmacro %}

{# Days from the first date to the second. #}
{% macro days_between(start_date, end_date) -%}
    {{ return(adapter.dispatch('days_between', 'justice_data_lab')(start_date, end_date)) }}
{%- endmacro %}

{% macro duckdb__days_between(start_date, end_date) -%}
({{ end_date }} - {{ start_date }})
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
datediff({{ end_date }}, {{ start_date }})
{%- endmacro %}
