-- Every record has a row of each check of records, and every request one of each check of requests:
-- what a row of the seed promises is done, and nothing is checked that the seed does not explain.
with

expected as (
    select
        records.request_id,
        records.record_number,
        upload_checks.check_id
    from {{ ref('stg_uploads__individuals') }} as records
    cross join {{ ref('upload_checks') }} as upload_checks
    where upload_checks.level = 'record'
    union all
    select
        requests.request_id,
        null as record_number,
        upload_checks.check_id
    from {{ ref('stg_uploads__requests') }} as requests
    cross join {{ ref('upload_checks') }} as upload_checks
    where upload_checks.level = 'request' and upload_checks.check_id not like 'service_question_%'
),

made as (
    select
        request_id,
        record_number,
        check_id
    from {{ ref('record_checks') }}
    union all
    select
        request_id,
        null as record_number,
        check_id
    from {{ ref('request_checks') }}
)

(
    select * from expected
    except all
    select * from made
)
union all
(
    select * from made
    except all
    select * from expected
)
