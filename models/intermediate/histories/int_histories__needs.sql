-- One row per index event: the criminogenic needs of the latest OASys assessment strictly before
-- the index date; of several on one day the one that finds more, need by need in the order of the
-- form.
with

events as (
    select * from {{ ref('int_index_events__events') }}
),

people as (
    select * from {{ ref('int_register__people') }}
),

assessments as (
    select * from {{ ref('stg_oasys__assessments') }}
),

in_order as (
    select
        people.person_id,
        assessments.*,
        row_number() over (
            partition by people.person_id, assessments.assessment_date
            order by
                {% for need in oasys_needs() -%}
                    assessments.need_{{ need }} desc nulls last,
                {% endfor -%}
                assessments.pnc_id asc
        ) as place
    from assessments
    inner join people
        on assessments.pnc_id = people.pnc_id
    where assessments.assessment_date is not null
),

one_a_day as (
    select
        *,
        coalesce(
            lead(assessment_date) over (partition by person_id order by assessment_date),
            date '9999-12-31'
        ) as next_assessment_date
    from in_order
    where place = 1
)

select
    events.event_id,
    {% for need in oasys_needs() -%}
        case
            when one_a_day.need_{{ need }} is null then 'not_assessed'
            when one_a_day.need_{{ need }} then 'yes'
            else 'no'
        end as oasys_{{ need }},
    {% endfor -%}
    one_a_day.assessment_date
from events
left join one_a_day
    on
        events.person_id = one_a_day.person_id
        and events.index_date > one_a_day.assessment_date
        and events.index_date <= one_a_day.next_assessment_date
