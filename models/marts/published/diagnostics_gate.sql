{{ pass_on(ref('int_publishing__diagnostics_gate')) }}
where {{ is_not_withheld() }}
