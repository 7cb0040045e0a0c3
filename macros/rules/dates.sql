{#
  A date as providers write it, by an explicit list and day first: 1980-02-01, 01/02/1980,
  01-02-1980, 1 Feb 1980 or 1-Feb-1980, one- or two-digit day and month. A two-digit year is the
  latest that is not after `latest_year`. Anything else, and a day that does not exist, is null.
#}
{% macro parse_upload_date(column, latest_year) -%}
{%- set text = "trim(" ~ column ~ ")" -%}
{%- set iso = "'^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[ T]00:00(?::00(?:\\.0+)?)?)?$'" -%}
{%- set numeric = "'^(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4}|\\d{2})$'" -%}
{%- set named = "'^(\\d{1,2})[ -]([A-Za-z]{3,9})[ -](\\d{4}|\\d{2})$'" -%}
case
    when regexp_matches({{ text }}, {{ iso }})
        then {{ iso_date(part(text, iso, 1), part(text, iso, 2), part(text, iso, 3)) }}
    when regexp_matches({{ text }}, {{ numeric }})
        then {{ iso_date(
            full_year(part(text, numeric, 3), latest_year),
            part(text, numeric, 2),
            part(text, numeric, 1)
        ) }}
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
case
    when list_contains(
        ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september',
        'october', 'november', 'december', 'sept'], lower({{ name }})
    ) or length({{ name }}) = 3
        then nullif(list_position(
            ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
            lower(left({{ name }}, 3))
        ), 0)::varchar
end
{%- endmacro %}

{% macro iso_date(year, month, day) -%}
try_cast(
    {{ year }} || '-' || lpad({{ month }}, 2, '0') || '-' || lpad({{ day }}, 2, '0') as date
)
{%- endmacro %}
