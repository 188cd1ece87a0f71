"""What is put around a method: limits and noise on its gradients, a sharper question, an average of its path."""
