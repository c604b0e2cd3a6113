"""The compiled crisis: arrays with named axes."""
