{{ pass_on(ref('int_publishing__meta_analysis')) }}
