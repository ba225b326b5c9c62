"""What to label next: policies, without Django. The rows are in `annotation.services.leases`."""
