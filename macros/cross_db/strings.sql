{#
  A text in capitals, as it is typed on a British keyboard: no accents and no marks without a width
  (soft hyphens, joiners, byte order marks), letters with strokes, hooks or bars and full-width ones
  in their plain form, ligatures as two letters, one hyphen and one apostrophe. What has no plain form
  stays.
#}
{% macro plain_capitals(text) -%}
    {{ return(adapter.dispatch('plain_capitals', 'justice_data_lab')(text)) }}
{%- endmacro %}

{% macro duckdb__plain_capitals(text) -%}
{#- one sign for each below; Unicode calls them LATIN CAPITAL LETTER X WITH STROKE, HOOK, TOPBAR ... -#}
{%- set special = 'ØƟĐÐƉƊƋĦŁȽƗŦȾƬƮƁƂɃƇȻƑƓǤƘƝȠƤƲƳɎƵȤȺɆɈɌ'
    ~ 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９'
    ~ '／－．＇\u3000⁄∕‐‑‒–—―−’‘‛ʼʻʹ′´' -%}
{%- set plain = 'OODDDDDHLLITTTTBBBCCFGGKNNPVYYZZAEJR'
    ~ "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    ~ "/-.'' //-------" ~ "''" * 8 -%}
{%- set shown = "regexp_replace(upper(" ~ text ~ "), '\\p{Cf}', '', 'g')" -%}
{%- set letters = namespace(sql="translate(strip_accents(" ~ shown ~ "), '" ~ special ~ "', '" ~ plain
    ~ "')") -%}
{%- for ligature, two in [
    ('Æ', 'AE'), ('Œ', 'OE'), ('ẞ', 'SS'), ('Þ', 'TH'), ('Ĳ', 'IJ'),
    ('ﬀ', 'FF'), ('ﬁ', 'FI'), ('ﬂ', 'FL')
] -%}
    {%- set letters.sql = "replace(" ~ letters.sql ~ ", '" ~ ligature ~ "', '" ~ two ~ "')" -%}
{%- endfor -%}
{#- the first branch is quicker, and nearly every text takes it -#}
case when regexp_full_match({{ text }}, '[ -~]*') then upper({{ text }}) else {{ letters.sql }} end
{%- endmacro %}

{#- the package registers it: DuckDB's own, over Arrow, for the few texts with other letters -#}
{% macro spark__plain_capitals(text) -%}
case
    when {{ full_match(text, '[ -~]*') }} then upper({{ text }})
    else plain_capitals(case when not {{ full_match(text, '[ -~]*') }} then {{ text }} end)
end
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

{% macro spark__trim_blanks(text) -%}
btrim({{ text }}, ' \t\n\r{{ "\u00a0\u200b\ufeff" }}')
{%- endmacro %}

{# How many signs are added, left out, replaced or swapped between two texts. #}
{% macro edit_distance(left_text, right_text) -%}
    {{ return(
        adapter.dispatch('edit_distance', 'justice_data_lab')(left_text, right_text)
    ) }}
{%- endmacro %}

{% macro duckdb__edit_distance(left_text, right_text) -%}
damerau_levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}

{#- a swap counts as two -#}
{% macro spark__edit_distance(left_text, right_text) -%}
levenshtein({{ left_text }}, {{ right_text }})
{%- endmacro %}
