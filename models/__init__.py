"""What is known of a customer, and what is concluded from it: the ground floor."""
