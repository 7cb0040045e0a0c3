{#
  A date as providers write it, without blanks at its ends, by an explicit list and day first: 1980-02-01, 01/02/1980,
  01-02-1980 or 1 Feb 1980, with one or two digits for day and month except in the first form. A
  two-digit year is the latest that is not after `latest_year`. Anything else, a day that does not
  exist and a year before 1900 or after 2100 are null.
#}
{% macro parse_upload_date(text, latest_year) -%}
{%- set year = "(\\d{4}|\\d{2})" -%}
{%- set forms = "\\d{4}-\\d{2}-\\d{2}|\\d{1,2}/\\d{1,2}/" ~ year ~ "|\\d{1,2}-\\d{1,2}-" ~ year
    ~ "|\\d{1,2} [A-Za-z]{3} " ~ year -%}
case
    when regexp_full_match({{ text }}, '{{ forms }}')
        then {{ date_between(
            parse_date(
                with_full_year(text, latest_year), ['%d/%m/%Y', '%d-%m-%Y', '%d %b %Y', '%Y-%m-%d']
            ),
            '1900-01-01', '2100-12-31'
        ) }}
end
{%- endmacro %}

{# A text that ends in a date's year, with four digits for the year where it had two. #}
{% macro with_full_year(text, latest_year) -%}
case
    when substr({{ text }}, -3, 1) between '0' and '9' or {{ text }} like '____-__-__' then {{ text }}
    when 2000 + try_cast(right({{ text }}, 2) as int) <= {{ latest_year }}
        then left({{ text }}, -2) || '20' || right({{ text }}, 2)
    else left({{ text }}, -2) || '19' || right({{ text }}, 2)
end
{%- endmacro %}

{# A date, or null where it lies outside the bounds. #}
{% macro date_between(date, first, last) -%}
case when {{ date }} between date '{{ first }}' and date '{{ last }}' then {{ date }} end
{%- endmacro %}
