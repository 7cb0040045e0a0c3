-- One row per case (court appearance or caution) that counts: its date, index offence and disposal.
with

counted_offences as (
    select * from {{ ref('int_register__proven_offences') }}
    where is_counted
),

index_offence_first as (
    select
        *,
        min(proven_date) over (partition by person_id, case_id) as case_date,
        row_number() over (
            partition by person_id, case_id
            order by
                disposal_rank asc,
                court_type_rank asc,
                sentence_days desc nulls last,
                offence_id asc
        ) as place
    from counted_offences
),

cases as (
    select
        person_id,
        case_id,
        case_date,
        offence_id as index_offence_id,
        offence_group,
        is_sexual,
        court_type,
        disposal_type,
        disposal_rank,
        is_court,
        is_custodial,
        sentence_days,
        police_force
    from index_offence_first
    where place = 1
)

select
    *,
    row_number() over (
        partition by person_id order by case_date asc, disposal_rank desc, case_id desc
    ) as case_number,
    lead(case_date) over (
        partition by person_id order by case_date asc, disposal_rank desc, case_id desc
    ) as next_case_date
from cases
