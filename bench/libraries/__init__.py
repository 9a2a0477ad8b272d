"""Our small-area model beside general samplers, on the same counts, with the same priors.

``python -m bench.libraries`` in an environment of its own (see ``bench/README.md``): the samplers are large,
and nothing else here needs them. Writes ``results.csv`` (a line for each run) and ``counties.csv`` (what each
said of each county), which are kept so that tests can hold our model to them without a sampler.
"""
