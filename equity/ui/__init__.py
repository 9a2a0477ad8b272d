"""The only room that knows Streamlit: router, address, widgets, pictures, notices, static files."""
