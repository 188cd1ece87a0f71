"""Forms generated from declared hyperparameters, and the controls they are made of."""
