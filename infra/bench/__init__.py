"""`make bench`: what the product costs and what its time tells, with spread, beside what a user would pick instead."""
