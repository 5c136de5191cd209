"""skill.doctor."""
