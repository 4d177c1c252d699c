"""One module for each area; each has its addresses in `urls`, joined in `rathaus.designer.urls`."""
