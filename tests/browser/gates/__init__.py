"""What holds on every page a customer meets, whoever wrote it."""
