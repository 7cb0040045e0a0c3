-- Failing rows: analysed requests without the 27 rows of their target trial card, in their order.
with

analyses as (
    select * from {{ ref('analyses') }}
    where analysis_id = 'headline'
),

target_trial as (
    select * from {{ ref('target_trial') }}
),

cards as (
    select
        request_id,
        count(*) as items_n,
        min(item_order) as first_order,
        max(item_order) as last_order
    from target_trial
    group by request_id
)

select
    coalesce(analyses.request_id, cards.request_id) as request_id,
    cards.items_n
from analyses
full outer join cards
    on analyses.request_id = cards.request_id
where
    analyses.request_id is null
    or cards.items_n is distinct from 27
    or cards.first_order <> 1
    or cards.last_order <> 27
