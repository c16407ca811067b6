"""Actions whose rule limits their time: each is run in a process that can be killed and that may end as it likes."""
