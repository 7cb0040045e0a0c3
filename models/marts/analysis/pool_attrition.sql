select {{ model.columns.keys() | join(', ') }}
from {{ ref('int_cohorts__pool_attrition') }}
