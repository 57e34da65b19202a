from accounts.sheets.refusals import NotASheet as NotARegister

__all__ = ["NotARegister"]
