{#
  The one-year OGRS3 score (Howard et al. 2009), 0 to 1: e^z / (1 + e^z), with z of the Copas rate, of
  whether there is a previous sanction, and of the terms of the seeds ogrs_sex_and_age_terms and
  ogrs_offence_terms. Null where a term is: a sex that is not known, an age under 10, no offence.
#}
{% macro ogrs3_one_year(copas_rate, previous_sanctions, sex_and_age_term, offence_term) -%}
1 / (1 + exp(-(
    1.402562384
    + 1.251124464 * {{ copas_rate }}
    + case when {{ previous_sanctions }} = 0 then 0.126142106 else 0.463062792 end
    + {{ sex_and_age_term }}
    + {{ offence_term }}
)))
{%- endmacro %}
