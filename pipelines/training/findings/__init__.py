"""What is measured of a trained model before anybody signs for it: each question a module, data out.

How it is shown is `pipelines.training.report`'s.
"""
