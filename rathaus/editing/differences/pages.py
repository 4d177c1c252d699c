"""Differences in what is asked where: pages and questions that came, went, were split, put together or moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rathaus.editing.differences.difference import Area, Difference, changed_keys, spoken
from rathaus.editing.differences.reading import FormRead, places_of, together
from rathaus.editing.words import Words, gettext_noop, named
from rathaus.forms.texts import PAGE_TEXTS


def pages(old: FormRead, new: FormRead) -> Iterator[Difference]:
    """Everything about pages and the places of questions."""
    explained: set[str] = set()  # questions whose new page is told with the page
    for page_id in new.pages:
        if page_id not in old.pages:
            yield _new_page(page_id, old, new, explained)
    for page_id in old.pages:
        if page_id not in new.pages:
            yield _gone_page(page_id, old, new, explained)
    for page_id in moved([one for one in old.pages if one in new.pages], list(new.pages)):
        yield _moved_page(page_id, old, new)
    for page_id in new.pages:
        yield from _page_values(page_id, old, new) if page_id in old.pages else _condition(page_id, new)
    yield from _questions(old, new, explained)


def _condition(page_id: str, new: FormRead) -> Iterator[Difference]:
    """A new page's own condition."""
    if show := new.pages[page_id].get("show"):
        words = Words(gettext_noop("Wann Seite „%(title)s“ gezeigt wird"), {"title": new.title(page_id)})
        yield Difference(Area.CONDITIONS, words, (f"page:{page_id}/show",), "", spoken(show))


def _new_page(page_id: str, old: FormRead, new: FormRead, explained: set[str]) -> Difference:
    known = [path for path in new.on_page(page_id) if path in old.asked]
    sources = {old.asked[path] for path in known}
    title = new.title(page_id)
    if len(sources) == 1 and (source := sources.pop()) in new.pages and new.on_page(source):
        explained.update(known)
        words = Words(
            gettext_noop("Seite „%(source)s“ geteilt: ab „%(label)s“ wird auf „%(title)s“ gefragt"),
            {"source": new.title(source), "label": new.label(known[0]), "title": title},
        )
        return Difference(Area.PAGES, words, (f"page:{page_id}", f"page:{source}/fields"))
    words = Words(gettext_noop("Neue Seite „%(title)s“"), {"title": title})
    return Difference(Area.PAGES, words, (f"page:{page_id}",))


def _gone_page(page_id: str, old: FormRead, new: FormRead, explained: set[str]) -> Difference:
    kept = [path for path in old.on_page(page_id) if path in new.asked]
    targets = {new.asked[path] for path in kept}
    title = old.title(page_id)
    if len(targets) == 1 and (target := targets.pop()) in old.pages:
        explained.update(kept)
        words = Words(
            gettext_noop("Seite „%(title)s“ entfernt: Ihre Fragen stehen jetzt auf „%(target)s“"),
            {"title": title, "target": new.title(target)},
        )
        return Difference(Area.PAGES, words, (f"page:{page_id}", f"page:{target}/fields"))
    words = Words(gettext_noop("Seite „%(title)s“ entfernt"), {"title": title})
    return Difference(Area.PAGES, words, (f"page:{page_id}",))


def _moved_page(page_id: str, old: FormRead, new: FormRead) -> Difference:
    following = _following(list(new.pages), page_id)
    title = new.title(page_id)
    if following:
        words = Words(
            gettext_noop("Seite „%(title)s“ kommt jetzt vor „%(next)s“"),
            {"title": title, "next": new.title(following)},
        )
    else:
        words = Words(gettext_noop("Seite „%(title)s“ kommt jetzt am Ende"), {"title": title})
    passed = _window([one for one in old.pages if one in new.pages], list(new.pages))
    places = dict.fromkeys([page_id, *passed])
    return Difference(Area.PAGES, words, tuple(f"page:{one}/order" for one in places))


def _page_values(page_id: str, old: FormRead, new: FormRead) -> Iterator[Difference]:
    before, after = old.pages[page_id], new.pages[page_id]
    title = old.title(page_id)
    for key in changed_keys(before, after):
        if key == "fields":
            continue
        area = Area.CONDITIONS if key == "show" else Area.PAGES
        if key == "show":
            words = Words(gettext_noop("Wann Seite „%(title)s“ gezeigt wird"), {"title": title})
        elif key in PAGE_TEXTS:
            words = Words(
                gettext_noop("Seite „%(title)s“: %(key)s umformuliert"), {"title": title, "key": named(key)}
            )
        else:
            words = Words(
                gettext_noop("Seite „%(title)s“: %(key)s geändert"), {"title": title, "key": named(key)}
            )
        yield Difference(
            area, words, (f"page:{page_id}/{key}",), spoken(before.get(key)), spoken(after.get(key))
        )


def _questions(old: FormRead, new: FormRead, explained: set[str]) -> Iterator[Difference]:
    yield from _added(old, new)
    gone = [path for path in old.asked if path not in new.asked]
    for name, paths in together(gone, old.asked).items():
        words = Words(gettext_noop("„%(label)s“ wird nicht mehr gefragt"), {"label": old.label(name)})
        yield Difference(Area.QUESTIONS, words, places_of(name, paths))
    elsewhere: dict[tuple[str, str], list[str]] = {}
    for path, page_id in new.asked.items():
        if path in old.asked and old.asked[path] != page_id and path not in explained:
            elsewhere.setdefault((old.asked[path], page_id), []).append(path)
    for (source, target), moving in elsewhere.items():
        for name, paths in together(moving, new.asked).items():
            words = Words(
                gettext_noop(
                    "„%(label)s“ wird jetzt auf Seite „%(target)s“ gefragt, vorher auf „%(source)s“"
                ),
                {"label": new.label(name), "target": new.title(target), "source": old.title(source)},
            )
            yield Difference(Area.QUESTIONS, words, places_of(name, paths))
    yield from _reordered(old, new)


def _added(old: FormRead, new: FormRead) -> Iterator[Difference]:
    by_page: dict[str, list[str]] = {}
    for path, page_id in new.asked.items():
        if path not in old.asked:
            by_page.setdefault(page_id, []).append(path)
    for page_id, added in by_page.items():
        for name, paths in together(added, new.asked).items():
            words = Words(
                gettext_noop("Neue Frage „%(label)s“ auf Seite „%(title)s“")
                if [name] == paths
                else gettext_noop("Neue Fragen „%(label)s“ auf Seite „%(title)s“"),
                {"label": new.label(name), "title": new.title(page_id)},
            )
            yield Difference(Area.QUESTIONS, words, places_of(name, paths))


def _reordered(old: FormRead, new: FormRead) -> Iterator[Difference]:
    """Questions that came together from one page and stand in another order now."""
    runs: dict[tuple[str, str], list[str]] = {}
    for path, page_id in old.asked.items():
        if path in new.asked:
            runs.setdefault((page_id, new.asked[path]), []).append(path)
    by_page: dict[str, list[str]] = {}
    for path, page_id in new.asked.items():
        by_page.setdefault(page_id, []).append(path)
    for (_source, target), before in runs.items():
        staying = set(before)
        after = [path for path in by_page[target] if path in staying]
        window = _window(before, after)
        for name, paths in together(moved(before, after), new.asked).items():
            following = _following(after, paths[-1])
            values = {"label": new.label(name), "title": new.title(target)}
            if following:
                values["next"] = new.label(following)
                text = gettext_noop("Seite „%(title)s“: „%(label)s“ kommt jetzt vor „%(next)s“")
            else:
                text = gettext_noop("Seite „%(title)s“: „%(label)s“ kommt jetzt am Ende")
            yield Difference(Area.QUESTIONS, Words(text, values), places_of(name, [*paths, *window]))


def moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The fewest names that have to change their place to lead from one order to the other, in the new order."""
    position = {name: index for index, name in enumerate(before)}
    names = [name for name in after if name in position]
    if names == list(before):
        return []
    # The longest run that keeps its order stays where it is.
    best: list[
        tuple[int, int]
    ] = []  # per name: length of the longest run that ends with it, and what comes before
    for index, name in enumerate(names):
        length, previous = 1, -1
        for earlier in range(index):
            if position[names[earlier]] < position[name] and best[earlier][0] >= length:
                length, previous = best[earlier][0] + 1, earlier
        best.append((length, previous))
    staying: set[str] = set()
    index = max(range(len(best)), key=lambda one: best[one][0], default=-1)
    while index >= 0:
        staying.add(names[index])
        index = best[index][1]
    return [name for name in names if name not in staying]


def _window(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The names between the first and the last that stand elsewhere: what was moved, and what it was moved past."""
    known = set(before)
    now = [name for name in after if name in known]
    differing = [index for index, (one, other) in enumerate(zip(before, now, strict=False)) if one != other]
    return now[differing[0] : differing[-1] + 1] if differing else []


def _following(names: Sequence[str], name: str) -> str:
    index = list(names).index(name) + 1
    return names[index] if index < len(names) else ""
