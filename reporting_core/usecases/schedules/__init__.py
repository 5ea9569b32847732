"""What comes without asking: who subscribed to what, when it is due, and each post on its way, once."""
