-- One row per person with a proven sex offence, and the day it was first proven.
select
    person_id,
    min(proven_date) as first_proven_date
from {{ ref('int_register__proven_offences') }}
where is_sexual
group by person_id
