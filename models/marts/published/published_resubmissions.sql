{{ pass_on(ref('int_publishing__resubmissions')) }}
where {{ is_not_withheld() }}
