"""Ways to show a network more than there is: each epoch sees every training picture a little differently."""
