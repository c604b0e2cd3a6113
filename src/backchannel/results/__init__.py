"""What an analysis hands back."""
