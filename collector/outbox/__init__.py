"""Facts and orders waiting to be carried out, written in the transaction that made them true or necessary."""
