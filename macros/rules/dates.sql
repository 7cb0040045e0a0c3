{#
  A date as the readers of uploads write it (intake/dates.py): 2016-02-01, or -16-02-01 where it has a
  two-digit year, which is the latest that is not after `latest_year`. Any other text, a day that does
  not exist and a year before 1900 or after 2100 are null.
#}
{% macro upload_date(text, latest_year) -%}
case
    when {{ text }} like '____-__-__'
        then {{ date_between('try_cast(' ~ text ~ ' as date)', '1900-01-01', '2100-12-31') }}
    when {{ text }} like '-__-__-__'
        then try_cast(
            case
                when 2000 + try_cast(substr({{ text }}, 2, 2) as int) <= {{ latest_year }} then '20'
                else '19'
            end || substr({{ text }}, 2) as date
        )
end
{%- endmacro %}

{# A date, or null where it lies outside the bounds. #}
{% macro date_between(date, first, last) -%}
case when {{ date }} between date '{{ first }}' and date '{{ last }}' then {{ date }} end
{%- endmacro %}
