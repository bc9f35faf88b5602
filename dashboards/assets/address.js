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
  // A list or a contact opens at once, with a place kept for what the server tells, and closes at once: an Escape while
  // it is read is no longer overtaken by the answer.
  openVoices: function (spec) {
    const same = window.dash_clientside.no_update;
    return spec === null || spec === undefined ? [same, same, same, same] : [!!spec, "", [], spec ? waiting() : []];
  },
  openContact: function (contact) {
    const same = window.dash_clientside.no_update;
    return contact === null || contact === undefined ? [same, same] : [!!contact, contact ? waiting() : []];
  },
  closeVoices: (opened, search) => without("voices", opened, search),
  closeContact: (opened, search) => without("contact", opened, search),
};

function waiting() {
  const props = { className: "drawer-wait", "aria-busy": "true" };
  return { namespace: "dash_html_components", type: "Div", props: props };
}

function without(name, opened, search) {
  const asked = (search || "").replace(/^\?/, "").split("&").filter((pair) => pair);
  const left = asked.filter((pair) => pair.split("=")[0] !== name);
  const wanted = left.length ? "?" + left.join("&") : "";
  const same = window.dash_clientside.no_update;
  // What was open is forgotten with the address: opened again before the address was read, it is a change once more.
  return opened !== false || left.length === asked.length ? [same, same] : [wanted, ""];
}
