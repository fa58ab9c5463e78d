"""Serve the answers to other programs by the Model Context Protocol, over standard input and output."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import ValidationError

from pipelines import __version__
from pipelines.answers import tools
from pipelines.answers.file import Refusal

#: What a client may ask for; the docstrings are what it reads.
TOOLS: tuple[Callable[..., tools.Answer], ...] = (
    *(tools.rank, tools.why, tools.compare, tools.evidence, tools.claim, tools.differs, tools.sql),
)

INSTRUCTIONS = (
    "Which city is the next Silicon Valley, how far is it from the real one, and how sure is that? Quote every number with its "
    "interval and the hash of the release. Call no city ahead of another where the answer says not separable, and no verdict "
    "settled that reads undecided. "
) + tools.HOW_TO_READ.format(leaders=", or the city that leads where core.indicators has the goalpost leader")


def server() -> MCPServer[Any]:
    """Return the server with its tools."""
    return MCPServer(
        "nextvalley", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING", tools=[_strict(tool) for tool in TOOLS]
    )


class _Tool(Tool):
    """A tool that says in a sentence what is wrong with its arguments."""

    async def run(self, arguments: dict[str, Any], *others: Any, **named: Any) -> Any:
        """Run the tool; raise ToolError where its schema forbids the arguments."""
        try:
            self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            wrong = [f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors(include_url=False)]
            raise ToolError(f"{self.name} takes {', '.join(self.parameters['properties'])}. {'; '.join(wrong)}.") from None
        return await super().run(arguments, *others, **named)


def _strict(function: Callable[..., tools.Answer]) -> Tool:
    """Return the tool of a function; it takes no argument that the function does not have."""
    tool = _Tool.from_function(_refusing(function), annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False))
    arguments = tool.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    tool.parameters = arguments.model_json_schema(by_alias=True)
    return tool


def _refusing(tool: Callable[..., tools.Answer]) -> Callable[..., tools.Answer]:
    """Return the tool so that a Refusal reaches the client as a ToolError with the same words."""

    @wraps(tool)
    def answer(*arguments: object, **named: object) -> tools.Answer:
        try:
            return tool(*arguments, **named)
        except Refusal as refusal:
            raise ToolError(str(refusal)) from None

    return answer
