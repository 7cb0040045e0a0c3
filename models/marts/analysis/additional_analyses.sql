select {{ model.columns.keys() | join(', ') }}
from {{ ref('int_outcomes__additional_analyses') }}
