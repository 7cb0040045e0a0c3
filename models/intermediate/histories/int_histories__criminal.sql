-- One row per index event: the criminal history proven before its index case.
with

events as (
    select
        event_id,
        person_id,
        coalesce(case_date, reference_date) as known_before,
        index_date as as_at
    from {{ ref('int_index_events__events') }}
),

{{ criminal_history() }}

select * from criminal
