-- One row per index event: the criminal history proven before its index case.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

counted_offences as (
    select * from {{ ref('int_register__proven_offences') }}
    where is_counted
),

previous_cases as (
    select
        events.event_id,
        count(*) as sanctions_n,
        min(cases.case_date) as first_sanction_date,
        count_if(cases.is_court) as court_appearances_n,
        count_if(cases.is_custodial) as custodial_sentences_n,
        count_if(cases.disposal_type in ('community_order', 'suspended_sentence_order'))
            as community_sentences_n
    from events
    inner join cases
        on
            events.person_id = cases.person_id
            and coalesce(events.case_date, events.reference_date) > cases.case_date
    group by events.event_id
),

previous_offences as (
    select
        events.event_id,
        count_if(counted_offences.court_type = 'indictable') as indictable_n,
        count_if(counted_offences.court_type = 'either_way') as either_way_n,
        count_if(counted_offences.court_type = 'summary') as summary_n
    from events
    inner join counted_offences
        on
            events.person_id = counted_offences.person_id
            and coalesce(events.case_date, events.reference_date) > counted_offences.proven_date
    group by events.event_id
),

dated as (
    select
        events.event_id,
        events.index_date,
        people.date_of_birth,
        coalesce(previous_cases.sanctions_n, 0) as previous_sanctions_n,
        coalesce(previous_cases.first_sanction_date, events.case_date, events.reference_date)
            as first_sanction_date,
        coalesce(previous_cases.court_appearances_n, 0) as previous_court_appearances_n,
        coalesce(previous_cases.custodial_sentences_n, 0) as previous_custodial_sentences_n,
        coalesce(previous_cases.community_sentences_n, 0) as previous_community_sentences_n,
        coalesce(previous_offences.indictable_n, 0) as previous_indictable_n,
        coalesce(previous_offences.either_way_n, 0) as previous_either_way_n,
        coalesce(previous_offences.summary_n, 0) as previous_summary_n
    from events
    inner join people
        on events.person_id = people.person_id
    left join previous_cases
        on events.event_id = previous_cases.event_id
    left join previous_offences
        on events.event_id = previous_offences.event_id
)

select
    event_id,
    previous_sanctions_n,
    previous_court_appearances_n,
    previous_custodial_sentences_n,
    previous_community_sentences_n,
    previous_indictable_n,
    previous_either_way_n,
    previous_summary_n,
    {{ copas_rate(
        'previous_sanctions_n', completed_years('first_sanction_date', 'index_date')
    ) }} as copas_rate,
    {{ days_between('first_sanction_date', 'index_date') }} / 365.25 as career_length_years,
    {{ completed_years('date_of_birth', 'first_sanction_date') }} as age_at_first_sanction
from dated
