{# Failing rows: what the seed `expected` has and the model has not, and the other way round. #}
{% test equals_expected_rows(model, expected, columns, where="true") %}
with

found as (
    select {{ columns | join(', ') }} from {{ model }} where {{ where }}
),

wanted as (
    select {{ columns | join(', ') }} from {{ expected }}
)

(select 'expected' as side, * from wanted except all select 'expected' as side, * from found)
union all
(select 'found' as side, * from found except all select 'found' as side, * from wanted)
{% endtest %}
