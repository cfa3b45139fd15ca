"""The screen: thin pages, charts, and wording in Dutch and English. No arithmetic on money."""
