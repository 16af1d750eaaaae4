"""What conversations decide, without input, output or clock."""
