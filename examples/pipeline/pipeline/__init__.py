"""The demo project: files come in, jobs and recipes come out."""
