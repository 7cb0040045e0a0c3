{# An identifier in capitals without spaces or punctuation; null where nothing usable is left. #}
{% macro identifier_key(column) -%}
nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), '')
{%- endmacro %}

{#
  A PNCid in the register's form YYYY/NNNNNNNC, from that form or from the short one (03/11985X);
  null where it has neither. A two-digit year is the latest that is not after the year 2029.
#}
{% macro pnc_id_key(column) -%}
{%- set compact = "regexp_replace(upper(" ~ column ~ "), '\\s', '', 'g')" -%}
{%- set form = "'^(\\d{4}|\\d{2})/?(\\d{1,7})([A-Z])$'" -%}
{%- set year = "regexp_extract(" ~ compact ~ ", " ~ form ~ ", 1)" -%}
{%- set digits = "regexp_extract(" ~ compact ~ ", " ~ form ~ ", 2)" -%}
{%- set letter = "regexp_extract(" ~ compact ~ ", " ~ form ~ ", 3)" -%}
case
    when regexp_matches({{ compact }}, '^(\d{4}|\d{2})/\d{1,7}[A-Z]$')
        then
            case
                when length({{ year }}) = 4 then {{ year }}
                when {{ year }} < '30' then '20' || {{ year }}
                else '19' || {{ year }}
            end || '/' || lpad({{ digits }}, 7, '0') || {{ letter }}
end
{%- endmacro %}

{#
  Whether the letter of a PNCid key agrees with its digits: the letter of ZABCDEFGHJKLMNPQRTUVWXY
  at (two-digit year and seven digits) mod 23.
#}
{% macro pnc_id_letter_agrees(key) -%}
substr(
    'ZABCDEFGHJKLMNPQRTUVWXY',
    (cast(substr({{ key }}, 3, 2) || substr({{ key }}, 6, 7) as bigint) % 23)::int + 1,
    1
) = right({{ key }}, 1)
{%- endmacro %}
