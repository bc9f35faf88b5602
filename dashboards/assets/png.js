/* Saves a chart as a picture, drawn here: nothing is sent anywhere. Title, unit and period stand above it. */
(function () {
  "use strict";
  const HEAD = 62, SCALE = 2, LEAST_WIDTH = 560;

  function colour(name, otherwise) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
  }

  function line(text, y, size, ink) {
    return {
      text: text, showarrow: false, xref: "paper", yref: "paper", x: 0, y: 1, xanchor: "left", yanchor: "top",
      yshift: y, font: { size: size, color: ink }, align: "left",
    };
  }

  /* Words of Plotly's small markup in a name are shown, not followed. */
  function plain(text) {
    return (text || "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }

  function layoutOf(graph, said) {
    const layout = JSON.parse(JSON.stringify(graph.layout));
    const margin = Object.assign({ t: 8, l: 46, r: 20, b: 30 }, layout.margin);
    const top = HEAD + margin.t;
    const paper = colour("--paper", "#ffffff");
    layout.annotations = (layout.annotations || []).concat([
      line("<b>" + plain(said.title) + "</b>", top - 10, 16, colour("--ink", "#1d2433")),
      line(plain([said.unit, said.period].filter(Boolean).join(" · ")), top - 36, 12, colour("--muted", "#586273")),
    ]);
    layout.margin = Object.assign({}, margin, { t: top });
    layout.paper_bgcolor = paper;
    layout.plot_bgcolor = paper;
    layout.autosize = false;
    layout.width = Math.max(graph.offsetWidth, LEAST_WIDTH);
    layout.height = (graph.offsetHeight || layout.height || 300) + HEAD;
    return layout;
  }

  function save(button) {
    const card = button.closest(".card");
    const graph = card && card.querySelector(".js-plotly-plot");
    if (!graph || !window.Plotly) {
      return;
    }
    const layout = layoutOf(graph, button.dataset);
    const size = { width: layout.width, height: layout.height };
    button.disabled = true;
    const figure = { data: graph.data, layout: layout, config: { staticPlot: true, plotlyServerURL: "" } };
    const image = Object.assign({ format: "png", scale: SCALE, filename: button.dataset.file }, size);
    const again = function () { button.disabled = false; };
    window.Plotly.downloadImage(figure, image).then(again, again);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".png-button");
    if (button) {
      save(button);
    }
  });
})();
