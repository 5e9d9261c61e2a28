"""How the portal's workbooks look: heads, examples, cells to put right."""

from openpyxl.styles import Alignment, Font, PatternFill

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD = Font(bold=True)
PALE = Font(color="808080")
LINK = Font(color="1F5FA8", underline="single")
HEAD = PatternFill("solid", fgColor="DCE6F2")
WRONG = PatternFill("solid", fgColor="F8D7DA")
WRAPPED = Alignment(wrap_text=True, vertical="top")
AS_TEXT = "@"
