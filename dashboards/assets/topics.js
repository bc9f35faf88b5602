/* What the page of topics does without asking the server: open one form, and search the list. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.kesheng = {
  panel: function (clicks, ids, styles) {
    const clicked = window.dash_clientside.callback_context.triggered_id;
    const buttons = clicks.length;
    if (!clicked || !clicks.some(Boolean)) {
      return [styles, Array(buttons).fill("act")];
    }
    const open = ids.map((id, i) => id.kind === clicked.kind && styles[i].display === "none");
    const shown = ids.map((id, i) => ({ display: open[i] ? "block" : "none" }));
    const kinds = ids.filter((id, i) => open[i]).map((id) => id.kind);
    const inputs = window.dash_clientside.callback_context.inputs_list[0];
    return [shown, inputs.map((input) => (kinds.includes(input.id.kind) ? "act is-on" : "act"))];
  },
  search: function (text) {
    const words = (text || "").toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll("#topic-rows [data-words]")];
    let found = 0;
    rows.forEach((row) => {
      const fits = words.every((word) => row.dataset.words.includes(word));
      row.style.display = fits ? "" : "none";
      found += fits ? 1 : 0;
    });
    /* A heading goes with the rows below it. */
    const lines = [...document.querySelectorAll("#topic-rows > *")].reverse();
    const below = { point: false, stage: false };
    lines.forEach((line) => {
      const kind = ["point", "stage"].find((name) => line.classList.contains("is-" + name));
      if (line.dataset.words !== undefined) {
        const visible = line.style.display !== "none";
        below.point = below.point || visible;
        below.stage = below.stage || visible;
      } else if (kind && line.classList.contains("topic-heading")) {
        line.style.display = below[kind] ? "" : "none";
        below.point = false;
        below.stage = kind === "stage" ? false : below.stage;
      }
    });
    const chosen = document.querySelector("#topic-rows .is-chosen");
    const box = document.getElementById("topic-rows");
    if (chosen && box && box.scrollHeight > box.clientHeight && !words.length) {
      const top = chosen.offsetTop - box.offsetTop;
      if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 40) {
        box.scrollTop = top - box.clientHeight / 3;
      }
    }
    return { display: rows.length && !found ? "block" : "none" };
  },
};
