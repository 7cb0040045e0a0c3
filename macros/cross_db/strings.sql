{# Letters without their accents. #}
{% macro strip_accents(text) -%}
    {{ return(adapter.dispatch('strip_accents', 'justice_data_lab')(text)) }}
{%- endmacro %}

{% macro duckdb__strip_accents(text) -%}
strip_accents({{ text }})
{%- endmacro %}

{# A text without blanks at its ends: spaces, tabs, line ends, no-break and zero-width spaces. #}
{% macro trim_blanks(text) -%}
    {{ return(adapter.dispatch('trim_blanks', 'justice_data_lab')(text)) }}
{%- endmacro %}

{% macro duckdb__trim_blanks(text) -%}
{#- the first branch is quicker, and nearly every text takes it -#}
case
    when regexp_full_match({{ text }}, '[!-~]|[!-~].*[!-~]') then {{ text }}
    else trim({{ text }}, concat(' ', chr(9), chr(10), chr(13), chr(160), chr(8203), chr(65279)))
end
{%- endmacro %}
