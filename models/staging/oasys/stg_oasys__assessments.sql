select distinct
    pnc_id,
    assessment_date,
    need_accommodation,
    need_ete,
    need_finance,
    need_relationships,
    need_lifestyle,
    need_drugs,
    need_alcohol,
    need_emotional,
    need_thinking,
    need_attitudes
from {{ source('raw', 'oasys__assessments') }}
