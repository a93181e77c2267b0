"""How a file was built: SLSA provenance v1, as the lane writes it, and its two older forms.

Spec: slsa.dev/spec/v1.0/provenance, slsa.dev/spec/v0.2/provenance, and the in-toto provenance
v0.1 that came before it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import parse_digest
from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://slsa.dev/provenance/v1"
PREDICATE_V02 = "https://slsa.dev/provenance/v0.2"
PREDICATE_V01 = "https://in-toto.io/Provenance/v0.1"
# Names the meaning of the parameters that `lane/assemble.py` writes.
BUILD_TYPE = "https://gitlab.com/sealane/sealane/build-types/lane/v1"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that went into a build, or came out of it beside the files.

    Attributes:
        name: What it is called, e.g. "source"; "" for nothing.
        uri: Where it is to be had; "" for nothing.
        digests: At least one; a commit has the algorithm gitCommit.
    """

    name: str
    uri: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """One build.

    Attributes:
        build_type: What the parameters mean.
        external: Parameters that whoever started the build chose.
        internal: Parameters that the builder set.
        dependencies: What the build took: the commit, the locks.
        builder: Who is responsible for the build: the pipeline's file, as in its certificate.
            Of the older forms: what they call the builder's id.
        invocation: Names this run; "" where nothing does.
        byproducts: What else came out: the records of both builds.
    """

    build_type: str
    external: Mapping[str, JsonValue]
    internal: Mapping[str, JsonValue]
    dependencies: tuple[Resource, ...]
    builder: str
    invocation: str = ""
    byproducts: tuple[Resource, ...] = ()


def render_provenance(provenance: Provenance) -> dict[str, JsonValue]:
    """The predicate as JSON."""
    metadata: dict[str, JsonValue] = {}
    if provenance.invocation:
        metadata["invocationId"] = provenance.invocation
    return {
        "buildDefinition": {
            "buildType": provenance.build_type,
            "externalParameters": dict(provenance.external),
            "internalParameters": dict(provenance.internal),
            "resolvedDependencies": [_render_resource(one) for one in provenance.dependencies],
        },
        "runDetails": {
            "builder": {"id": provenance.builder},
            "metadata": metadata,
            "byproducts": [_render_resource(one) for one in provenance.byproducts],
        },
    }


def parse_provenance(predicate: Mapping[str, JsonValue]) -> Provenance:
    """Read a predicate; unknown members are left aside, as the specification demands.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    definition = _mapping(predicate, "buildDefinition")
    run = _mapping(predicate, "runDetails")
    metadata = _mapping(run, "metadata", required=False)
    return Provenance(
        build_type=_text(definition, "buildType"),
        external=_mapping(definition, "externalParameters"),
        internal=_mapping(definition, "internalParameters", required=False),
        dependencies=_resources(definition, "resolvedDependencies"),
        builder=_text(_mapping(run, "builder"), "id"),
        invocation=_text_or_empty(metadata, "invocationId"),
        byproducts=_resources(run, "byproducts"),
    )


def parse_provenance_v02(predicate: Mapping[str, JsonValue]) -> Provenance:
    """Read a predicate of version 0.2 as the same value.

    What the invoker chose, source and parameters, is external; the environment and the build's own
    description are internal; the materials are the dependencies.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    invocation = _mapping(predicate, "invocation", required=False)
    source = _mapping(invocation, "configSource", required=False)
    parameters = _mapping(invocation, "parameters", required=False)
    metadata = _mapping(predicate, "metadata", required=False)
    environment = _mapping(invocation, "environment", required=False)
    description = _mapping(predicate, "buildConfig", required=False)
    # The specification says …Id; the generators for GitHub wrote …ID.
    run = _text_or_empty(metadata, "buildInvocationId")
    return Provenance(
        build_type=_text(predicate, "buildType"),
        external={"configSource": source, "parameters": parameters},
        internal={"environment": environment, "buildConfig": description},
        dependencies=_resources(predicate, "materials"),
        builder=_text(_mapping(predicate, "builder"), "id"),
        invocation=run or _text_or_empty(metadata, "buildInvocationID"),
    )


def parse_provenance_v01(predicate: Mapping[str, JsonValue]) -> Provenance:
    """Read a predicate of in-toto's version 0.1 as the same value.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    recipe = _mapping(predicate, "recipe", required=False)
    metadata = _mapping(predicate, "metadata", required=False)
    chosen = ("definedInMaterial", "entryPoint", "arguments")
    return Provenance(
        build_type=_text(recipe, "type") if recipe else "",
        external={key: recipe[key] for key in chosen if key in recipe},
        internal={"environment": _mapping(recipe, "environment", required=False)},
        dependencies=_resources(predicate, "materials"),
        builder=_text(_mapping(predicate, "builder"), "id"),
        invocation=_text_or_empty(metadata, "buildInvocationId"),
    )


def _render_resource(resource: Resource) -> JsonValue:
    document: dict[str, JsonValue] = {"digest": {d.algorithm: d.value for d in resource.digests}}
    named = {"name": resource.name, "uri": resource.uri}
    return document | {key: value for key, value in named.items() if value}


def _resources(holder: Mapping[str, JsonValue], key: str) -> tuple[Resource, ...]:
    values = holder.get(key)
    if values is None:
        return ()
    if not isinstance(values, list):
        raise InputError(f"provenance: {key}: expected a list")
    return tuple(_resource(value, f"{key}[{index}]") for index, value in enumerate(values))


def _resource(value: JsonValue, place: str) -> Resource:
    if not isinstance(value, dict):
        raise InputError(f"provenance: {place}: expected an object")
    digests = []
    for algorithm, text in sorted(_mapping(value, "digest", required=False).items()):
        digests.append(parse_digest(algorithm, text, f"provenance: {place}"))
    return Resource(
        _of_type(value.get("name", ""), f"{place}.name"),
        _of_type(value.get("uri", ""), f"{place}.uri"),
        tuple(digests),
    )


def _mapping(
    holder: Mapping[str, JsonValue], key: str, *, required: bool = True
) -> dict[str, JsonValue]:
    value = holder.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"provenance: {key}: expected an object")
    return value


def _text(holder: Mapping[str, JsonValue], key: str) -> str:
    return _of_type(holder.get(key), key)


def _text_or_empty(holder: Mapping[str, JsonValue], key: str) -> str:
    return _of_type(holder[key], key) if holder.get(key) is not None else ""


def _of_type(value: JsonValue, place: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"provenance: {place}: expected text")
    return value
