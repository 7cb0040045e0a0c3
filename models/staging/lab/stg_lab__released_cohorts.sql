with

released_cohorts as (
    select * from {{ source('decisions', 'released_cohorts') }}
)

select
    version,
    request_id,
    analysis_id,
    key_check = cast(pseudonym('releases', 'key check') as string) as is_same_key,
    cast(people_n as bigint) as people_n,
    people_sketch,
    cast(reoffenders_n as bigint) as reoffenders_n,
    reoffenders_sketch,
    others_sketch
from released_cohorts
