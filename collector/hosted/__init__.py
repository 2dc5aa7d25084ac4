"""Pages of ours for visitors, without any script: the form, its question, and what somebody said, to see, correct and erase."""
