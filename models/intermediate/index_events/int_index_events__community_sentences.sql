-- One row per case whose disposal is a community order or a suspended sentence order: the index
-- event of a community sentence, from the start of its order or, without one, the day it was
-- proven.
with

cases as (
    select * from {{ ref('int_register__cases') }}
    where disposal_type in ('community_order', 'suspended_sentence_order')
),

order_cases as (
    select * from {{ ref('int_index_events__order_cases') }}
    where case_id is not null
),

police_force_regions as (
    select * from {{ ref('police_force_regions') }}
)

select
    cases.person_id,
    cases.case_id,
    cases.case_id as event_key,
    coalesce(order_cases.start_date, cases.case_date) as index_date,
    cases.case_date,
    cases.case_date as reference_date,
    cases.next_case_date as loss_date,
    cases.disposal_type as sentence_type,
    cases.sentence_days,
    cases.offence_group,
    cases.is_sexual as is_sexual_index_offence,
    coalesce(order_cases.region, police_force_regions.region) as region
from cases
left join order_cases
    on
        cases.person_id = order_cases.person_id
        and cases.case_id = order_cases.case_id
left join police_force_regions
    on cases.police_force = police_force_regions.police_force
