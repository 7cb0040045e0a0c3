-- One row per index event of anybody: a community sentence or a release from custody.
with

extract as (
    select * from {{ ref('stg_lab__extract') }}
),

events as (
    select
        'community_sentence' as event_type,
        person_id,
        event_key,
        cast(null as bigint) as episode_number,
        case_id,
        index_date,
        case_date,
        reference_date,
        loss_date,
        sentence_type,
        sentence_days,
        offence_group,
        is_sexual_index_offence,
        cast(null as string) as establishment,
        region
    from {{ ref('int_index_events__community_sentences') }}
    union all
    select
        'prison_release' as event_type,
        person_id,
        event_key,
        episode_number,
        case_id,
        index_date,
        case_date,
        reference_date,
        loss_date,
        sentence_type,
        sentence_days,
        offence_group,
        is_sexual_index_offence,
        establishment,
        region
    from {{ ref('int_index_events__releases') }}
)

select
    row_number() over (
        order by events.person_id, events.index_date, events.event_type, events.event_key
    ) as event_id,
    events.*,
    min(events.index_date) over (
        partition by events.person_id order by events.index_date
        range between interval 1 day following and unbounded following
    ) as next_event_date,
    year(events.index_date) * 4 + quarter(events.index_date) as index_quarter,
    coalesce(events.loss_date > events.index_date, true) as is_in_force_on_index_date,
    {{ add_months('events.index_date', var('follow_up_months') + var('waiting_months')) }}
    <= extract.reoffending_data_to as has_complete_follow_up
from events
cross join extract
