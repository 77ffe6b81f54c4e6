"""Monitoring of models in service: drift, realised outcomes, and when to retrain."""
