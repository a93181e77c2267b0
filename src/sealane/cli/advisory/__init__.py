"""What the commands of `sealane advisory` do, one module a task."""
