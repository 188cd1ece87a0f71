"""Finding the words on a widget that nobody translated."""

from __future__ import annotations

import re

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QGroupBox, QLabel, QWidget

# Names that stay as they are in every language: methods, formats, keys, symbols, units, and names of files.
_KEPT = re.compile(
    r"\b(BFGS|Lookahead|SAM|SWA|EMA|TensorFlow|Muon|Sophia|AdaBelief|Adadelta|Adagrad|Adamax|AdamW|AMSGrad|Adan|ASGD|Lion|NAdam|RAdam|Rprop|signSGD|Yogi"
    r"|Adam|RMSProp|SGD|Nesterov|ReLU|Leaky|Softmax|Sigmoid|Tanh|XOR|Dropout|Xavier|He|L2|CNN|MLP|GradLab|PyTorch|Qt"
    r"|UTF|GBK|Latin|PNG|SVG|PDF|CSV|F1|F11|Ctrl|Shift|Alt|Space|Home|Esc|Del|NaN|English|log|symlog|sd|px|ms|fps|log10"
    r"|four-in-a-ravine|LeNet|shapes|digits|cnn|mlp|spiral|rings|deep"
    r"|sqrt|sin|cos|tan|exp|mean|softplus|max|min|abs)\b",
    re.IGNORECASE,
)
_QTS_OWN = ("qt_", "Scroll")  # buttons inside docks and tab bars that Qt names and never shows here
_WORD = re.compile(r"[A-Za-z]{2,}")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def untranslated(root: QWidget) -> set[str]:
    """The texts on ``root`` that hold an English word and nothing Chinese."""
    return {text for text in _texts(root) if not _CHINESE.search(text) and _WORD.search(_KEPT.sub("", text))}


def _texts(root: QWidget) -> set[str]:
    """Every text of labels, buttons, choices and reachable actions, and every tool tip and accessible name."""
    texts: set[str] = set()
    for one in (root, *(child for child in root.findChildren(QWidget) if not child.objectName().startswith(_QTS_OWN))):
        texts |= {one.toolTip(), one.accessibleName(), one.windowTitle()}
        if isinstance(one, QLabel | QAbstractButton):
            texts.add(one.text())
        elif isinstance(one, QGroupBox):
            texts.add(one.title())
        elif isinstance(one, QComboBox):
            texts |= {one.itemText(i) for i in range(one.count())}
    for action in (one for one in root.findChildren(QAction) if one.associatedObjects()):
        texts |= {action.text(), action.toolTip()}
    return {re.sub(r"<[^>]*>|&", "", text) for text in texts if text}
