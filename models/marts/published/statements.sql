-- One row per request and sentence.
select
    request_id,
    statement_order,
    topic,
    measure,
    text
from {{ ref('int_publishing__request_statements') }}
