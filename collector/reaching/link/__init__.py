"""The link to what somebody said, sent to their own address: who has an earlier message may have been forwarded it."""
