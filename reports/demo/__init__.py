"""The synthetic demo prison: two prisons with people, agencies, agreements and batches.

`build.everything()` makes it all relative to today, through the services and in the name of the
demo accounts. Nobody here exists. One module a noun; a new part of the product adds its own.
"""
