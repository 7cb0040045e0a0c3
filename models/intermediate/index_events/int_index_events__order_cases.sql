-- One row per probation order: the case that it joins, one to one, or none. Pairs are taken
-- greedily by days between, start of the order, order and case; a contest between orders and cases
-- is walked pair by pair, all contests of the register side by side.
with recursive

orders as (
    select
        people.person_id,
        orders.order_id,
        orders.order_type,
        orders.start_date,
        orders.region
    from {{ ref('stg_probation__orders') }} as orders
    inner join {{ ref('int_register__people') }} as people
        on orders.pnc_id = people.pnc_id
    where orders.start_date is not null
),

cases as (
    select * from {{ ref('int_register__cases') }}
),

pairs as (
    select
        orders.person_id,
        orders.order_type,
        orders.order_id,
        cases.case_id,
        row_number() over (
            partition by orders.person_id, orders.order_type
            order by
                {{ days_between('cases.case_date', 'orders.start_date') }},
                orders.start_date,
                orders.order_id,
                cases.case_id
        ) as place
    from orders
    inner join cases
        on
            orders.person_id = cases.person_id
            and orders.order_type = cases.disposal_type
            and {{ days_between('cases.case_date', 'orders.start_date') }}
            between 0 and {{ var('order_start_max_days') }}
),

walk as (
    select
        person_id,
        order_type,
        place,
        order_id,
        case_id,
        true as is_taken,
        {{ list_of(['order_id']) }} as taken_orders,
        {{ list_of(['case_id']) }} as taken_cases
    from pairs
    where place = 1
    union all
    select
        pairs.person_id,
        pairs.order_type,
        pairs.place,
        pairs.order_id,
        pairs.case_id,
        not array_contains(walk.taken_orders, pairs.order_id)
        and not array_contains(walk.taken_cases, pairs.case_id) as is_taken,
        case
            when
                array_contains(walk.taken_orders, pairs.order_id)
                or array_contains(walk.taken_cases, pairs.case_id)
                then walk.taken_orders
            else array_append(walk.taken_orders, pairs.order_id)
        end as taken_orders,
        case
            when
                array_contains(walk.taken_orders, pairs.order_id)
                or array_contains(walk.taken_cases, pairs.case_id)
                then walk.taken_cases
            else array_append(walk.taken_cases, pairs.case_id)
        end as taken_cases
    from walk
    inner join pairs
        on
            walk.person_id = pairs.person_id
            and walk.order_type = pairs.order_type
            and walk.place + 1 = pairs.place
),

taken as (
    select
        person_id,
        order_id,
        case_id
    from walk
    where is_taken
)

select
    orders.person_id,
    orders.order_id,
    orders.order_type,
    orders.start_date,
    orders.region,
    taken.case_id
from orders
left join taken
    on
        orders.person_id = taken.person_id
        and orders.order_id = taken.order_id
