{{ config(materialized='view') }}
-- One row per member of an analysis: its treated people and the events of its control pool,
-- whatever condition the analysis puts on the controls. Where a request is about either kind of
-- event, a later event of any kind ends a control's days at risk.
with

analyses as (
    select * from {{ ref('int_cohorts__analyses') }}
),

treated as (
    select * from {{ ref('int_cohorts__treated') }}
),

pool as (
    select * from {{ ref('int_cohorts__pool') }}
),

events as (
    select * from {{ ref('int_index_events__events') }}
),

reoffending as (
    select * from {{ ref('int_index_events__reoffending') }}
),

members as (
    select
        request_id,
        analysis_id,
        stratum,
        person_id,
        event_id,
        true as is_treated,
        delay_days,
        cast(null as int) as own_last_day,
        cast(null as bigint) as draw_order,
        false as is_linked_elsewhere
    from treated
    union all
    select
        request_id,
        analysis_id,
        stratum,
        person_id,
        event_id,
        false as is_treated,
        cast(null as bigint) as delay_days,
        own_last_day,
        draw_order,
        is_linked_elsewhere
    from pool
)

select
    members.request_id,
    members.analysis_id,
    members.stratum,
    members.person_id,
    members.event_id,
    events.event_key,
    events.index_date,
    members.is_treated,
    cast(members.delay_days as int) as delay_days,
    case
        when not members.is_treated
            then
                cast(least(
                    reoffending.days_to_first,
                    {{ days_between('events.index_date', 'events.loss_date') }} - 1,
                    case
                        when analyses.is_about_either
                            then {{ days_between('events.index_date', 'events.next_event_date') }}
                                - 1
                    end,
                    {{ window_last_day('events.index_date', 'analyses.window_months') }},
                    members.own_last_day
                ) as int)
    end as last_day,
    members.own_last_day,
    cast({{ window_last_day('events.index_date', 'analyses.window_months') }} as int)
        as window_last_day,
    members.draw_order,
    members.is_linked_elsewhere,
    reoffending.is_reoffender,
    cast(reoffending.reoffences_n as int) as reoffences_n,
    cast(reoffending.days_to_first as int) as days_to_first,
    reoffending.first_court_type,
    cast(reoffending.reoffences_indictable_n as int) as reoffences_indictable_n,
    cast(reoffending.reoffences_either_way_n as int) as reoffences_either_way_n,
    cast(reoffending.reoffences_summary_n as int) as reoffences_summary_n,
    reoffending.is_first_custody,
    cast(reoffending.custodial_sentences_n as int) as custodial_sentences_n
from members
inner join analyses
    on
        members.request_id = analyses.request_id
        and members.analysis_id = analyses.analysis_id
inner join events
    on members.event_id = events.event_id
inner join reoffending
    on members.event_id = reoffending.event_id
