"""Loss surfaces over the plane: functions of two numbers with exact slopes, to watch optimizers on."""
