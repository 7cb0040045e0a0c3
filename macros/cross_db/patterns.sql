{#
  Regular expressions, in the part of their language that RE2 and Java share. Patterns and replacements
  are given as they are, without quotes; `text` is an expression of SQL.
#}
{% macro literal(text) -%}
    {{ return(adapter.dispatch('literal', 'justice_data_lab')(text)) }}
{%- endmacro %}

{% macro duckdb__literal(text) -%}
'{{ text | replace("'", "''") }}'
{%- endmacro %}

{#- in a text of Spark a backslash begins a sign -#}
{% macro spark__literal(text) -%}
'{{ text | replace("\\", "\\\\") | replace("'", "\\'") }}'
{%- endmacro %}

{# A text with each match of a pattern replaced. #}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all', 'justice_data_lab')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, {{ literal(pattern) }}, {{ literal(replacement) }}, 'g')
{%- endmacro %}

{% macro spark__replace_all(text, pattern, replacement) -%}
regexp_replace({{ text }}, {{ literal(pattern) }}, {{ literal(replacement) }})
{%- endmacro %}

{# Whether a pattern matches a text from its first sign to its last. #}
{% macro full_match(text, pattern) -%}
    {{ return(adapter.dispatch('full_match', 'justice_data_lab')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__full_match(text, pattern) -%}
regexp_full_match({{ text }}, {{ literal(pattern) }})
{%- endmacro %}

{#- $ would let a line end pass after the match -#}
{% macro spark__full_match(text, pattern) -%}
regexp_like({{ text }}, {{ literal('\\A(?:' ~ pattern ~ ')\\z') }})
{%- endmacro %}

{# Whether a pattern matches somewhere in a text. #}
{% macro has_match(text, pattern) -%}
    {{ return(adapter.dispatch('has_match', 'justice_data_lab')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__has_match(text, pattern) -%}
regexp_matches({{ text }}, {{ literal(pattern) }})
{%- endmacro %}

{% macro spark__has_match(text, pattern) -%}
regexp_like({{ text }}, {{ literal(pattern) }})
{%- endmacro %}

{# Whether a text begins with another. #}
{% macro begins_with(text, start) -%}
    {{ return(adapter.dispatch('begins_with', 'justice_data_lab')(text, start)) }}
{%- endmacro %}

{% macro duckdb__begins_with(text, start) -%}
starts_with({{ text }}, {{ start }})
{%- endmacro %}

{% macro spark__begins_with(text, start) -%}
startswith({{ text }}, {{ start }})
{%- endmacro %}
