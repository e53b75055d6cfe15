"""What happens in the background when somebody upstream announces something."""
