-- One row per stage and analysis in which the statistics failed: what went wrong, and where.
with

of_analyses as (
    select * from {{ ref('int_outcomes__failures') }}
),

of_pools as (
    select * from {{ ref('int_outcomes__pool_failures') }}
),

of_publishing as (
    select * from {{ ref('int_publishing__failures') }}
),

of_published_pools as (
    select * from {{ ref('int_publishing__pool_failures') }}
)

select * from of_analyses
union all
select * from of_pools
union all
select * from of_publishing
union all
select * from of_published_pools
