"""Results to bytes: JSON, the workbook with live formulas, documents, and files of very many objects."""
