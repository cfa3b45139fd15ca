"""Results to bytes: JSON now, the workbook with live formulas, and later the brief and the business case."""
