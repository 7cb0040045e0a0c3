-- One row an index event of any analysis: its covariates.
select covariates.*
from {{ ref('int_histories__covariates') }} as covariates
where covariates.event_id in (select event_id from {{ ref('int_cohorts__members') }})
