"""What a refusal tells a person, in English; another floor may translate a text before it puts the values in."""

WRONG_STATE = "Transition %(transition)r isn't available from state %(state)r."
REFUSED_BY_CHECK = "Transition %(transition)r was forbidden by custom pre-transition check."
MISSING_ARGUMENT = (
    "Transition %(transition)r is called without %(missing)s, which %(checks)s must know; give it by name."
)
