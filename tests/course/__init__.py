"""Answer sheets, submissions, grading, reports."""
