"""What stands against a file or a cell, in sentences that say what to do."""


class Unreadable(Exception):
    """A file that is no table for this purpose; `str()` is a Chinese sentence that says what to do."""


class Wrong(Exception):
    """What is wrong with a cell: `sentence`, and `fix`, the text that was probably meant (empty: not known)."""

    def __init__(self, sentence: str, fix: str = ""):
        super().__init__(sentence)
        self.sentence = sentence
        self.fix = fix
