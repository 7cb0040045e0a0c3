{#
  The first rule of control pools that keeps an event of the treated's kind and quarters out of the
  pool of an analysis; null where it qualifies. The steps are those of the pool_steps seed.
  own_people: what the request itself makes of the person; without it nobody is of the request.
#}
{% macro pool_rule_that_excludes(pool_rules, events, own_people=none) -%}
case
    when not {{ events }}.has_complete_follow_up then 'incomplete_follow_up'
    when not {{ events }}.is_in_force_on_index_date then 'not_in_force'
    when {{ is_excluded_in_scope(events, pool_rules ~ '.sex_offence_scope') }} then 'sex_offence'
    {% if own_people -%}
        when not {{ own_people }}.is_linked then 'could_be_of_the_request'
        when
            {{ own_people }}.is_linked
            and coalesce({{ events }}.index_date >= {{ own_people }}.control_until_date, true)
            then 'after_own_service'
    {%- endif %}
    when
        {{ pool_rules }}.regions is not null
        and not coalesce(array_contains({{ pool_rules }}.regions, {{ events }}.region), false)
        then 'other_region'
    when
        {{ pool_rules }}.sex <> coalesce({{ events }}.sex, '')
        or {{ pool_rules }}.age_band <> coalesce({{ events }}.age_band, '')
        or {{ pool_rules }}.region <> coalesce({{ events }}.region, '')
        then 'outside_subgroup'
end
{%- endmacro %}

{# Whether the sex-offence rule in a scope excludes an event of int_cohorts__events. #}
{% macro is_excluded_in_scope(events, scope) -%}
case {{ scope }}
    when 'ever' then {{ events }}.is_excluded_by_scope_ever
    when 'ever_before' then {{ events }}.is_excluded_by_scope_ever_before
    else {{ events }}.is_excluded_by_scope_index
end
{%- endmacro %}
