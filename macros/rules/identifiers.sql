{# An identifier in plain capitals without spaces or punctuation; null where nothing is left. #}
{% macro identifier_key(column) -%}
nullif({{ replace_all(plain_capitals(column), '[^A-Z0-9]', '') }}, '')
{%- endmacro %}

{#
  A PNCid in the register's form YYYY/NNNNNNNC, from that form or from the short one (03/11985X);
  null where it has neither. A two-digit year is the latest that is not after the year 2029.
#}
{% macro pnc_id_key(column) -%}
{%- set compact = "translate(" ~ plain_capitals(column) ~ ", ' \t\u00a0', '')" -%}
{%- set year = "split_part(" ~ compact ~ ", '/', 1)" -%}
{%- set number = "split_part(" ~ compact ~ ", '/', 2)" -%}
case
    when {{ full_match(compact, '(\\d{4}|\\d{2})/\\d{1,7}[A-Z]') }}
        then
            case
                when length({{ year }}) = 4 then ''
                when {{ year }} < '30' then '20'
                else '19'
            end || {{ year }} || '/' || lpad({{ number }}, 8, '0')
end
{%- endmacro %}

{#
  Whether the letter of a PNCid key agrees with its digits: the letter of ZABCDEFGHJKLMNPQRTUVWXY
  at (two-digit year and seven digits) mod 23.
#}
{% macro pnc_id_letter_agrees(key) -%}
substr(
    'ZABCDEFGHJKLMNPQRTUVWXY',
    cast(cast(substr({{ key }}, 3, 2) || substr({{ key }}, 6, 7) as bigint) % 23 as int) + 1,
    1
) = right({{ key }}, 1)
{%- endmacro %}

{# Whether an identifier key has a form of the prison numbers: A1234BC, or two letters and digits. #}
{% macro is_prison_number(key) -%}
{{ full_match(key, '[A-Z]\\d{4}[A-Z]{2}|[A-Z]{2}\\d{3,6}') }}
{%- endmacro %}
