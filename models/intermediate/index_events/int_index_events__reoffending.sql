-- One row per index event of anybody: the proven re-offences of its follow-up, how serious they
-- were and how they were sentenced.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

counted_offences as (
    select * from {{ ref('int_register__proven_offences') }}
    where is_counted
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

reoffences as (
    select
        events.event_id,
        {{ days_between('events.index_date', 'counted_offences.offence_date') }} as days_after,
        counted_offences.court_type,
        counted_offences.court_type_rank,
        counted_offences.case_id,
        cases.is_custodial
    from events
    inner join counted_offences
        on
            events.person_id = counted_offences.person_id
            and events.index_date < counted_offences.offence_date
            and {{ add_months('events.index_date', var('follow_up_months')) }}
            >= counted_offences.offence_date
            and {{ add_months(
                'events.index_date', var('follow_up_months') + var('waiting_months')
            ) }} >= counted_offences.proven_date
    inner join cases
        on
            counted_offences.person_id = cases.person_id
            and counted_offences.case_id = cases.case_id
),

of_events as (
    select
        event_id,
        count(*) as reoffences_n,
        min(days_after) as days_to_first,
        min_by(court_type, (days_after, court_type_rank)) as first_court_type,
        count(*) filter (where court_type = 'indictable') as reoffences_indictable_n,
        count(*) filter (where court_type = 'either_way') as reoffences_either_way_n,
        count(*) filter (where court_type = 'summary') as reoffences_summary_n,
        min_by(is_custodial, (days_after, not is_custodial)) as is_first_custody,
        count(distinct case_id) filter (where is_custodial) as custodial_sentences_n
    from reoffences
    group by event_id
)

select
    events.event_id,
    of_events.event_id is not null as is_reoffender,
    coalesce(of_events.reoffences_n, 0) as reoffences_n,
    of_events.days_to_first,
    of_events.first_court_type,
    coalesce(of_events.reoffences_indictable_n, 0) as reoffences_indictable_n,
    coalesce(of_events.reoffences_either_way_n, 0) as reoffences_either_way_n,
    coalesce(of_events.reoffences_summary_n, 0) as reoffences_summary_n,
    of_events.is_first_custody,
    coalesce(of_events.custodial_sentences_n, 0) as custodial_sentences_n
from events
left join of_events
    on events.event_id = of_events.event_id
