"""Cases: the handling of one leak affair, from first report to closing."""
