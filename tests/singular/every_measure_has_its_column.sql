-- A measure is made from a column of int_outcomes__members, and one of a text column names a level.
select
    measure,
    outcome_column,
    outcome_level
from {{ ref('measures') }}
where
    case outcome_column
        {%- for column, data_type in outcome_columns().items() %}
            when '{{ column }}'
                then outcome_level is {{ '' if data_type == 'varchar' else 'not ' }}null
        {%- endfor %}
        else true
    end
