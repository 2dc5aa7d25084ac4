"""How the form looks, with a look at it before anything is saved."""
