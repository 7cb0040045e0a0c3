{{ pass_on(ref('int_publishing__pre_service_check')) }}
where {{ is_not_withheld() }}
