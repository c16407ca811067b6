"""A transition of one model object: the call, in a transaction or a coroutine, once for each key."""
