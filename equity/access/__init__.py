"""Who may see what: visitors, what signed them in, agreements, and the record of who came.

It knows neither a screen nor how somebody signs in: it is given what the sign-in said, as claims.
"""
