"""What is remembered of the learner."""
