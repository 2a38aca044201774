"""What is said to an answer, and why: verdicts, numbers, equivalence, shapes."""
