"""What is sent after a night: a digest by e-mail and signed webhooks, only where they are configured.

`messages` makes the messages of a night, which the store keeps in its outbox; `delivery` sends those that are
due, by `mailer` and `webhooks`.
"""
