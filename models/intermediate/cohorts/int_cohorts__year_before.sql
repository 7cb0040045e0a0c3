-- One row per index event of a headline: its covariates with the criminal history as at twelve
-- months before the index date (without OGRS3, which follows from it), and whether the person
-- offended between the two.
{%- set year_before = add_months('events.index_date', '-12') %}
with

index_events as (
    select * from {{ ref('int_index_events__events') }}
),

covariates as (
    select {{ all_but(['ogrs3']) }} from {{ ref('int_cohorts__covariates') }}
),

events_of_headlines as (
    select distinct event_id from {{ ref('int_cohorts__members') }}
    where analysis_id = 'headline'
),

-- The index case of a release can be older than a year: it counts in no history.
events as (
    select
        events.event_id,
        events.person_id,
        events.case_id,
        events.index_date,
        {{ year_before }} as as_at,
        least(coalesce(events.case_date, events.reference_date), {{ year_before }})
            as known_before
    from index_events as events
    inner join events_of_headlines
        on events.event_id = events_of_headlines.event_id
),

{{ criminal_history() }},

offended as (
    select distinct events.event_id
    from events
    inner join counted_offences
        on
            events.person_id = counted_offences.person_id
            and events.as_at < counted_offences.offence_date
            and events.index_date > counted_offences.offence_date
            and coalesce(events.case_id <> counted_offences.case_id, true)
)

select
    {{ replaced('covariates', criminal_covariates()) }},
    offended.event_id is not null as has_offended_in_year_before
from covariates
inner join criminal
    on covariates.event_id = criminal.event_id
left join offended
    on covariates.event_id = offended.event_id
