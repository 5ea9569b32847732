"""The process: chooses the parts and runs them. Only here are the clock, the environment and the network read."""
