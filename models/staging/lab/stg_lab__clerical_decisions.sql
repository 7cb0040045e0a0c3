with

clerical_decisions as (
    select * from {{ source('decisions', 'clerical_decisions') }}
),

typed as (
    select
        request_id,
        cast(record_number as bigint) as record_number,
        {{ pnc_id_key('pnc_id') }} as pncid_key,
        lower(decision) as decision,
        reviewer,
        {{ upload_date('decided_on', '2068') }} as decided_on
    from clerical_decisions
),

latest_first as (
    select
        *,
        row_number() over (
            partition by request_id, record_number, pncid_key
            order by decided_on desc nulls last, decision asc
        ) as place
    from typed
)

-- a decision that was revised counts as it stands now
select
    request_id,
    record_number,
    pncid_key,
    decision,
    reviewer,
    decided_on
from latest_first
where place = 1
