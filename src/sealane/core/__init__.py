"""What decides: values in, values out; no file, socket, clock, environment or process."""
