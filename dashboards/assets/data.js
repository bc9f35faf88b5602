/* Cells of the tables of the page of data, and commands that can be copied. */
(function () {
  "use strict";
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

  function shown(props) {
    if (props.value === null || props.value === undefined || props.value === "") {
      return "–";
    }
    if (typeof props.value !== "number") {
      return String(props.value);
    }
    if (props.percent) {
      return (props.value * 100).toFixed(1) + "%";
    }
    const digits = props.digits || 0;
    return props.value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /* A link of a cell changes the address as a link of the page does: without loading all again. */
  function followed(event, href) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) {
      return;
    }
    event.preventDefault();
    window.dash_clientside.set_props("url", { search: href });
    window.scrollTo(0, 0);
  }

  cells.DataCell = function (props) {
    const field = props.colDef.field, href = props.data[field + "_href"], kind = props.data[field + "_kind"];
    const text = shown(props);
    if (href) {
      const go = function (event) { followed(event, href); };
      return React.createElement("a", { href: href, className: "data-link", onClick: go, title: text }, text);
    }
    return React.createElement("span", { className: kind ? "data-state is-" + kind : "", title: text }, text);
  };

  function copied(button) {
    const said = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(function () { button.textContent = said; }, 1600);
  }

  /* Where the page is not served over https there is no clipboard: then the text is marked, to be copied by hand. */
  function mark(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest(".copy-button");
    if (!button) {
      return;
    }
    const code = button.parentElement.querySelector("code");
    mark(code);
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(code.textContent).then(function () { copied(button); }, function () {});
    }
  });
})();
