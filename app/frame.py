"""What of a workspace stands at the first picture, before anything of what it shows is loaded: its docks, and its transport
where that needs next to nothing."""

from __future__ import annotations

from app.workspaces import RACE, TRAIN, Workspace, WorkspaceDefinition
from widgets.panel import Panel
from widgets.panels import modules
from widgets.panels.train.transport import TransportPanel
from widgets.theme import Look


class Frame:
    """``modules`` are those of the workspace's panels, in the order they are loaded. A desk brings a frame to life."""

    def __init__(self, definition: WorkspaceDefinition, transport: Panel | None, look: Look) -> None:
        self.definition = definition
        self.transport = transport
        names = {name.rsplit(".", 1)[-1]: name for name in modules(definition.name)}
        kinds = tuple(one for one in definition.kinds() if one in names)
        self.workspace = Workspace(definition, kinds, look)
        first = tuple(names[one] for one in kinds)
        self.modules = (*first, *sorted(set(names.values()) - set(first)))


def train_frame(look: Look) -> Frame:
    """That of Train."""
    return Frame(TRAIN, TransportPanel(look), look)


def race_frame(look: Look) -> Frame:
    """That of Race, whose timeline comes with the desk."""
    return Frame(RACE, None, look)
