// What an address says, told apart in the browser: a page, an open list, an open contact. Nothing waits for the server, so
// that two changes that come close together cannot overtake each other.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.address = {
  split: function (path, search, view, voices, contact) {
    const same = window.dash_clientside.no_update;
    const pairs = new URLSearchParams(search || "");
    const drawers = ["voices", "contact"].map((name) => pairs.getAll(name).pop() || "");
    ["voices", "contact"].forEach((name) => pairs.delete(name));
    const rest = pairs.toString();
    const wanted = { path: path || "/", search: rest ? "?" + rest : "" };
    const unchanged = view && view.path === wanted.path && view.search === wanted.search;
    return [unchanged ? same : wanted, drawers[0] === voices ? same : drawers[0], drawers[1] === contact ? same : drawers[1]];
  },
};
