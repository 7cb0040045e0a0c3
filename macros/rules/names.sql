{#
  Plain capitals without apostrophes, other punctuation as one space, no title before it and no
  generation after it ("Mr", "Jnr", "III"): names as they compare.
#}
{% macro fold_name(column) -%}
{%- set words = replace_all(
    replace_all(plain_capitals(column), "['`]", ''), '[^\\p{L}\\p{N}]+', ' '
) -%}
nullif(trim({{ replace_all(
    words, '^ ?(?:MR|MRS|MISS|MS|DR) | (?:JR|JNR|SR|SNR|II|III) ?$', ''
) }}), '')
{%- endmacro %}

{# A folded name without its spaces: "O'Brien", "Smith-Jones" and "van der Berg" in one word. #}
{% macro name_key(column) -%}
nullif(replace({{ fold_name(column) }}, ' ', ''), '')
{%- endmacro %}

{# Whether a name as it was uploaded begins with one of the titles that fold_name leaves out. #}
{% macro has_title(column) -%}
coalesce({{ has_match(
    plain_capitals(column), '^[^\\p{L}\\p{N}]*(MR|MRS|MISS|MS|DR)[^\\p{L}\\p{N}]'
) }}, false)
{%- endmacro %}

{# Whether a name without its spaces stands for none ("TEST", "UNKNOWN"), or is numbered ("CLIENT1"). #}
{% macro is_placeholder_name(key) -%}
coalesce(
    {{ has_match(key, '\\p{N}') }}
    or {{ full_match(
        key,
        'TEST|TESTING|UNKNOWN|NOTKNOWN|NOTGIVEN|NOTPROVIDED|NOTSTATED|NOTAPPLICABLE|NONAME|ANON'
        ~ '|ANONYMOUS|REDACTED|WITHHELD|TBC|TBA|XX+|SURNAME|FORENAME|FIRSTNAME|LASTNAME|CLIENT'
        ~ '|PARTICIPANT|SERVICEUSER'
    ) }},
    false
)
{%- endmacro %}

{# Whether every part of folded forenames is a single letter, as in "J" or "J P". #}
{% macro is_initials(folded) -%}
coalesce({{ full_match(folded, '\\p{L}( \\p{L})*') }}, false)
{%- endmacro %}

{# Whether two folded forenames can be one person's: one is the other, or its first names. #}
{% macro forenames_agree(left_names, right_names) -%}
(
    {{ begins_with(left_names ~ " || ' '", right_names ~ " || ' '") }}
    or {{ begins_with(right_names ~ " || ' '", left_names ~ " || ' '") }}
)
{%- endmacro %}
