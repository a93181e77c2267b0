"""How a file was built: SLSA provenance v1, as the lane writes it.

Spec: slsa.dev/spec/v1.0/provenance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

PREDICATE = "https://slsa.dev/provenance/v1"
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
        invocation=_text(metadata, "invocationId") if "invocationId" in metadata else "",
        byproducts=_resources(run, "byproducts"),
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
        try:
            digests.append(Digest(algorithm, _of_type(text, f"{place}.digest")))
        except ValueError as error:
            raise InputError(f"provenance: {place}: {error}") from error
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


def _of_type(value: JsonValue, place: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"provenance: {place}: expected text")
    return value
