"""The default transition log: an optional app, label `xworkflow_log`."""
