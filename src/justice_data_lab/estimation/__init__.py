"""One pass over the analyses: each is read, estimated and let go before the next.

``analysis`` has the stages of one analysis in their order, ``requests`` runs them request by
request, ``side_tables`` keeps what they made beside the table of the dbt model.
"""
