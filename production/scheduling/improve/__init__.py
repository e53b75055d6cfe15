"""Better plans of large factories: parameters of the rule, local search, the ladder of both."""
