"""Papers, one room each: record, closed forms, claims, figures. Found by scanning this folder; nothing lists them."""
