with

records as (
    select * from {{ ref('int_outcomes__records') }}
),

person_keys as (
    select * from {{ ref('int_outcomes__person_keys') }}
)

select
    records.request_id,
    records.record_number,
    records.outcome,
    records.link_pass,
    records.link_reason,
    records.match_probability,
    person_keys.person_key,
    records.event_type as index_event_type,
    records.index_date,
    cast(records.delay_days as int) as delay_days,
    case when records.reason = 'eligible' then records.is_reoffender end as is_reoffender,
    case when records.reason = 'eligible' then cast(records.reoffences_n as int) end
        as reoffences_n,
    case when records.reason = 'eligible' then cast(records.days_to_first as int) end
        as days_to_first
from records
left join person_keys
    on records.person_id = person_keys.person_id
