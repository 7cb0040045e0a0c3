{#
  A date as providers write it, by an explicit list and day first: 1980-02-01, 01/02/1980,
  01-02-1980 or 1 Feb 1980, with one or two digits for day and month except in the first form. A
  two-digit year is the latest that is not after `latest_year`. Anything else, and a day that does
  not exist, is null.
#}
{% macro parse_upload_date(column, latest_year) -%}
{%- set text = "trim(" ~ column ~ ")" -%}
{%- set iso = "'^(\\d{4})-(\\d{2})-(\\d{2})$'" -%}
{%- set slashes = "'^(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})$'" -%}
{%- set hyphens = "'^(\\d{1,2})-(\\d{1,2})-(\\d{4}|\\d{2})$'" -%}
{%- set named = "'^(\\d{1,2}) ([A-Za-z]{3}) (\\d{4}|\\d{2})$'" -%}
case
    when regexp_matches({{ text }}, {{ iso }}) then try_cast({{ text }} as date)
    {%- for form in [slashes, hyphens] %}
    when regexp_matches({{ text }}, {{ form }})
        then {{ iso_date(
            full_year(part(text, form, 3), latest_year), part(text, form, 2), part(text, form, 1)
        ) }}
    {%- endfor %}
    when regexp_matches({{ text }}, {{ named }})
        then {{ iso_date(
            full_year(part(text, named, 3), latest_year),
            month_number(part(text, named, 2)),
            part(text, named, 1)
        ) }}
end
{%- endmacro %}

{% macro part(text, form, number) -%}
regexp_extract({{ text }}, {{ form }}, {{ number }})
{%- endmacro %}

{% macro full_year(year, latest_year) -%}
case
    when length({{ year }}) = 4 then {{ year }}
    when 2000 + cast({{ year }} as int) <= {{ latest_year }} then '20' || {{ year }}
    else '19' || {{ year }}
end
{%- endmacro %}

{% macro month_number(name) -%}
cast(nullif(list_position(
    ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
    lower({{ name }})
), 0) as varchar)
{%- endmacro %}

{% macro iso_date(year, month, day) -%}
try_cast(
    {{ year }} || '-' || lpad({{ month }}, 2, '0') || '-' || lpad({{ day }}, 2, '0') as date
)
{%- endmacro %}
