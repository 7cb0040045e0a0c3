{#
  Every setting of the method, in the order of the work: the vars of dbt_project.yml with their type,
  range or choices, meaning and source. The floor is the smallest value for a raw zone that is not
  synthetic. Checked on run start; int_settings holds the values, and method_settings publishes them.
#}
{% macro method_settings() -%}
    {{ return([
        whole_number('minimum_submitted', 1, 100000,
            'Records that a request needs', 'pilot, checklist', floor=60),
        whole_number('minimum_analysed', 2, 100000,
            'People that a group needs to be analysed and published', 'pilot, matched control group', floor=30),
        number('minimum_found_share', 0, 1,
            'Share of the rows of an extract, 20 or more, that must be about somebody in the register',
            'our default'),
        number('mostly_initials_share', 0, 1,
            'Above this share of initials only, a request is refused', 'our default'),
        whole_number('review_days', 1, 366,
            'Days that a provider has to comment on a draft, from its sending',
            'pilot, communication with providers'),
        whole_number('retention_days', 0, 36500,
            'Days after its first release, or after it was sent in, from which a request is listed for '
            ~ 'its purge; 0: never', 'our default'),
        number('link_accept_probability', 0.5, 1,
            'Match probability from which a probable link is accepted', 'our default'),
        number('link_review_probability', 0.01, 1,
            'Match probability from which a reviewer decides', 'our default'),
        number('link_margin_bits', 0, 100,
            'Match weight by which the best person leads the next', 'our default'),
        number('link_expected_match_rate', 0.01, 0.99,
            'Share of records whose person is on the PNC', 'pilot, worked example'),
        whole_number('window_months', 1, 24,
            'The service starts within this many months of the index date',
            'pilot, matching providers data'),
        whole_number('follow_up_months', 1, 60,
            'Calendar months in which re-offences are committed', 'pilot, footnote 1'),
        whole_number('waiting_months', 0, 60,
            'Further calendar months in which they are proven', 'pilot, footnote 1'),
        whole_number('order_start_max_days', 0, 366,
            'An order joins a case proven at most so many days before it', 'our default'),
        whole_number('custody_case_max_days', 0, 366,
            'An index case is proven at most so many days before reception',
            'our default'),
        choice('recall_is_index_event', [true, false],
            'Whether an episode of recalls only is an index event', 'our default'),
        choice('sex_offence_scope', ['ever', 'ever_before', 'index'],
            'Which sex offences exclude', 'pilot, matching providers data'),
        choice('control_condition', ['risk_set', 'fixed', 'none'],
            'What a control must have met by the delay of a treated person', 'our default'),
        choice('match_scale', ['logit', 'probability'],
            'Scale on which the radius is measured', 'our default'),
        number('match_width', 0, 10, 'Radius of the matching', 'our default'),
        choice('match_width_unit', ['sd', 'raw'],
            'Unit of the radius: sd of the score, or the scale itself',
            'our default'),
        choice('is_tilted', [true, false],
            'Whether the matched weights are balanced exactly', 'our default'),
        choice('disclosure_control', [true, false],
            'Whether small counts are suppressed; false if synthetic',
            'our default'),
        whole_number('disclosure_small_count', 0, 100,
            'Counts from 1 to this are not published', 'our default', floor=7),
        whole_number('disclosure_rounding', 1, 100,
            'Counts are rounded to multiples of this', 'our default', floor=5),
        whole_number('whole_points_below', 0, 100000,
            'Percentages of fewer people are whole points', 'methodology, section 6', floor=200),
        number('guarded_expected_count', 0, 1000,
            'Expected count in either arm below which a rate gets the interval for rare events',
            'methodology, section 6'),
        number('minimum_expected_count', 0, 1000,
            'Expected count in either arm below which a rate is withheld',
            'later reports of the lab', floor=10),
    ]) }}
{%- endmacro %}

{% macro whole_number(setting, minimum, maximum, meaning, source, floor=none) -%}
    {{ return({
        'setting': setting, 'data_type': 'whole number', 'minimum': minimum, 'maximum': maximum,
        'floor': floor, 'choices': none, 'meaning': meaning, 'source': source,
    }) }}
{%- endmacro %}

{% macro number(setting, minimum, maximum, meaning, source, floor=none) -%}
    {{ return({
        'setting': setting, 'data_type': 'number', 'minimum': minimum, 'maximum': maximum,
        'floor': floor, 'choices': none, 'meaning': meaning, 'source': source,
    }) }}
{%- endmacro %}

{% macro choice(setting, choices, meaning, source) -%}
    {{ return({
        'setting': setting, 'data_type': 'choice', 'minimum': none, 'maximum': none,
        'floor': none, 'choices': choices, 'meaning': meaning, 'source': source,
    }) }}
{%- endmacro %}
