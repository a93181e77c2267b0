"""The index of each package of a record, with the files of manifests that are released soon."""

from __future__ import annotations

from collections.abc import Sequence

from sealane.core.advisory.listing import Listing
from sealane.core.advisory.predict import predict
from sealane.core.advisory.record import Record
from sealane.desk.ask import About, Ask, Kind, Means, Observed
from sealane.desk.manifests import LoadedManifest
from sealane.desk.observe import observe
from sealane.errors import NetworkError


def predicted_listings(
    record: Record,
    manifests: Sequence[LoadedManifest],
    saved: Sequence[Listing],
    ask: Ask,
    means: Means,
) -> tuple[Listing, ...]:
    """The listings of all packages whose index was seen, or saved, with the manifests' files.

    Args:
        record: Which packages.
        manifests: Releases that are there soon, if not yet.
        saved: Listings that were handed in.
        ask: Whether, and where, the index is asked.
        means: With what.

    Raises:
        InputError: A manifest has a file that is on the index with other bytes.
        NetworkError: The index was to be asked, and does not answer.
    """
    about = About(record)
    seen = observe(about, ask, means, kinds={Kind.INDEX}, before=Observed(listings=tuple(saved)))
    listings = seen.listings
    if ask.index and not listings and (unseen := dict(seen.notes).get(Kind.INDEX)):
        raise NetworkError(unseen, hint="try again, or name a saved listing with --index")
    return tuple(predict(one, [each.manifest for each in manifests]) for one in listings)
