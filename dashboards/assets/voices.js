// Lists of contacts by keyboard, and stepping from one open contact to the next of its list.
(function () {
  const LISTS = ".voices-grid";
  const choose = (contact) => window.dash_clientside.set_props("contact-chosen", { data: { contact, at: Date.now() } });
  const steps = () => document.getElementById("contact-steps");
  const isOpen = () => Boolean(steps() && steps().offsetParent);

  // The list that shows the contact, the drawer's before the page's; and where in it the contact stands.
  function listed(contact) {
    const places = [...document.querySelectorAll(LISTS)].reverse();
    for (const place of places) {
      let api = null;
      try {
        api = window.dash_ag_grid.getApi(place.id);
      } catch (missing) {
        continue;
      }
      const row = api && api.getRowNode(contact);
      if (row) return { api, index: row.rowIndex };
    }
    return null;
  }

  function neighbour(step) {
    const at = isOpen() && listed(steps().dataset.contact);
    if (!at) return null;
    const row = at.api.getDisplayedRowAtIndex(at.index + step);
    return { api: at.api, index: at.index + step, contact: row && row.data && row.data.contact_id };
  }

  // A row that is not there yet is asked for by going to its page; it opens when it has come.
  function go(step, tries) {
    const next = neighbour(step);
    if (!next || next.index < 0) return;
    const size = next.api.paginationGetPageSize();
    const page = Math.floor(next.index / size);
    if (next.api.paginationGetCurrentPage() !== page) next.api.paginationGoToPage(page);
    next.api.ensureIndexVisible(next.index);
    if (next.contact) return choose(next.contact);
    if (tries > 0 && next.index < next.api.getDisplayedRowCount()) setTimeout(() => go(step, tries - 1), 150);
  }

  const isTyping = (target) => target.closest && target.closest("input, textarea, select, [role='menu'], [role='listbox'], [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const row = event.key === "Enter" && event.target.closest(LISTS + " .ag-row");
    if (row && row.getAttribute("row-id")) return choose(row.getAttribute("row-id"));
    const step = { ArrowRight: 1, j: 1, ArrowLeft: -1, k: -1 }[event.key];
    if (!step || !isOpen()) return;
    event.preventDefault();
    go(step, 20);
  });

  // A menu of moods closes when something was chosen, when one looks elsewhere, and by Escape.
  const closeMenus = (but) => {
    document.querySelectorAll(".correct-menu[open]").forEach((menu) => menu !== but && menu.removeAttribute("open"));
  };
  document.addEventListener(
    "keydown",
    (event) => {
      const menu = event.key === "Escape" && document.querySelector(".correct-menu[open]");
      if (!menu) return;
      event.stopPropagation(); // the drawer under it stays
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    },
    true
  );

  document.addEventListener("click", (event) => {
    const target = event.target.closest ? event.target : document.body;
    closeMenus(target.closest(".correct-item") ? null : target.closest(".correct-menu"));
    const button = event.target.closest && event.target.closest(".contact-step");
    if (button) go(Number(button.dataset.step), 20);
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.kesheng = Object.assign(window.dash_clientside.kesheng || {}, {
    // A point of the mood's line leads to its turn.
    toTurn: function (clicks) {
      for (const click of clicks) {
        const turn = click && document.getElementById("turn-" + click.points[0].customdata[0]);
        if (!turn) continue;
        turn.scrollIntoView({ block: "center", behavior: "smooth" });
        turn.classList.add("is-shown");
        setTimeout(() => turn.classList.remove("is-shown"), 1600);
      }
      return clicks.map((click) => (click ? null : window.dash_clientside.no_update));
    },
  });
})();
