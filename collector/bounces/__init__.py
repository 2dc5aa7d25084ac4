"""What a mail server reports of messages after it has taken them: mailboxes that are gone, people who complain."""
