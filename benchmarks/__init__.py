"""What prints our figures, beside what others reach on the same rows in the same run."""
