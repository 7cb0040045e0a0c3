-- One row per measure of an analysis, unrounded. Where a gate of the analysis fails and the lab
-- does not override it, no decrease or increase is concluded; the figures stay.
{%- set not_reliable %}
case
        when
            failed_analyses.request_id is not null
            and estimates.conclusion in ('decrease', 'increase') then 'not_reliable'
        else estimates.conclusion
    end
{%- endset %}
with

estimates as (
    select * from {{ ref('int_outcomes__estimates') }}
),

failed_analyses as (
    select distinct
        request_id,
        analysis_id
    from {{ ref('int_outcomes__gates') }}
    where not passes and not is_overridden
)

select
    {{ replaced('estimates', {'conclusion': not_reliable}) }}
from estimates
left join failed_analyses
    on
        estimates.request_id = failed_analyses.request_id
        and estimates.analysis_id = failed_analyses.analysis_id
