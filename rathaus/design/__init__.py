"""Services being designed: who changed what and why, publishing, rolling back, retiring."""
