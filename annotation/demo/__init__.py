"""Demo prompts and outputs in English and Chinese, and the annotators that are simulated on them.

`simulate.demo_lines` gives them as native lines for the importer, `projects.DEMO_PROJECTS` says what is asked.
"""
